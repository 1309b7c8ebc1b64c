// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine/modules/all_modules.h"

namespace vitrine::engine::modules {
namespace {

constexpr std::string_view kNames[] = {"console", "cuckoo", "dex",    "dotnet",
                                       "elf",     "hash",   "macho",  "magic",
                                       "math",    "pe",     "string", "time"};

TEST(Registry, FindsEveryModuleAndNoOther) {
  for (const std::string_view name : kNames) {
    const Module* const module = FindModule(name);
    ASSERT_NE(module, nullptr) << name;
    EXPECT_EQ(module->name, name);
  }
  EXPECT_EQ(FindModule(""), nullptr);
  EXPECT_EQ(FindModule("PE"), nullptr);
  EXPECT_EQ(FindModule("vt"), nullptr);
}

void CheckFields(std::span<const Field> fields, const std::string& path) {
  std::set<std::string_view> names;
  for (const Field& field : fields) {
    const std::string name = path + "." + std::string(field.name);
    EXPECT_TRUE(names.insert(field.name).second) << name << " stands twice";
    EXPECT_EQ(field.type == Type::kFunction, !field.overloads.empty()) << name;
    for (const Overload& overload : field.overloads) {
      EXPECT_NE(overload.call == nullptr, overload.method == nullptr) << name;
      EXPECT_EQ(overload.arguments.find_first_not_of("ifsrb"),
                std::string_view::npos)
          << name;
    }
    if (field.is_constant) {
      EXPECT_FALSE(std::holds_alternative<Undefined>(field.constant)) << name;
    }
    CheckFields(field.fields, name);
  }
}

TEST(Registry, SchemasAreSound) {
  for (const std::string_view name : kNames) {
    CheckFields(FindModule(name)->fields, std::string(name));
  }
}

// Whatever the object is, fields can be asked for.
TEST(Registry, EveryFieldOfNothingCanBeAskedFor) {
  for (const std::string_view name : kNames) {
    const Module& module = *FindModule(name);
    Object object({}, FileType::kANY);
    ModuleContext context(module, object);
    for (size_t i = 0; i < module.fields.size(); ++i) {
      if (module.fields[i].is_constant) continue;
      if (module.fields[i].type == Type::kFunction) continue;
      EXPECT_TRUE(module.fields[i].type == Type::kStruct ||
                  module.fields[i].name == "is_pe" ||
                  module.fields[i].name == "is_dotnet" ||
                  (std::holds_alternative<Undefined>(context.Top(i).value()) &&
                   context.Top(i).size() == 0))
          << name << "." << module.fields[i].name;
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::modules
