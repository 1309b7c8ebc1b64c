// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "engine/modules/all_modules.h"
#include "formats/pe/image_builder.h"

namespace vitrine::engine::modules {
namespace {

const Field* FindField(std::span<const Field> fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

class Pattern final : public RegexMatcher {
 public:
  explicit Pattern(const char* text) : regex_(text) {}
  bool Matches(std::string_view text) const override {
    return std::regex_search(text.begin(), text.end(), regex_);
  }

 private:
  std::regex regex_;
};

ByteVector Seed(const std::string& name) {
  std::ifstream in(std::string(VITRINE_SOURCE_DIR) + "/fuzz/corpus/" + name,
                   std::ios::binary);
  CHECK(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

// A file and its pe module.
class Opened {
 public:
  explicit Opened(ByteVector file, const Module& module = kPeModule)
      : file_(std::move(file)),
        object_(file_, FileType::kMSEXE),
        context_(module, object_),
        module_(module) {}

  const Node& Get(std::string_view name) {
    const Field* field = FindField(module_.fields, name);
    CHECK(field != nullptr);
    return context_.Top(static_cast<size_t>(field - module_.fields.data()));
  }
  int64_t Int(std::string_view name) {
    const auto* value = std::get_if<int64_t>(&Get(name).value());
    CHECK(value != nullptr);
    return *value;
  }
  Value Call(std::string_view name, std::string_view arguments,
             std::vector<Value> values) {
    const Field* field = FindField(module_.fields, name);
    CHECK(field != nullptr);
    for (const Overload& overload : field->overloads) {
      if (overload.arguments == arguments) {
        return overload.call(context_, values);
      }
    }
    CHECK(false);
    return Undefined{};
  }
  ModuleContext& context() { return context_; }

 private:
  ByteVector file_;
  Object object_;
  ModuleContext context_;
  const Module& module_;
};

bool IsUndefined(const Value& value) {
  return std::holds_alternative<Undefined>(value);
}

TEST(PeModuleTest, OtherFilesAreOnlyNoPe) {
  Opened text(ByteVector{'h', 'i'});
  EXPECT_EQ(text.Int("is_pe"), 0);
  for (const Field& field : kPeModule.fields) {
    if (field.is_constant || field.name == "is_pe") continue;
    if (field.type != Type::kFunction) {
      EXPECT_TRUE(IsUndefined(text.Get(field.name).value())) << field.name;
      EXPECT_EQ(text.Get(field.name).size(), 0u) << field.name;
    }
  }
  EXPECT_TRUE(IsUndefined(text.Call("is_dll", "", {})));
  EXPECT_TRUE(IsUndefined(text.Call("imphash", "", {})));
  EXPECT_TRUE(IsUndefined(
      text.Call("imports", "s", {std::string_view("kernel32.dll")})));
}

TEST(PeModuleTest, NamesAreUniqueAndConstantsHaveValues) {
  std::vector<std::string_view> names;
  for (const Field& field : kPeModule.fields) names.push_back(field.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  const Field* constant = FindField(kPeModule.fields, "MACHINE_AMD64");
  ASSERT_NE(constant, nullptr);
  EXPECT_TRUE(constant->is_constant);
  EXPECT_EQ(std::get<int64_t>(constant->constant), 0x8664);
}

TEST(PeModuleTest, ShowsHeaders) {
  pe::ImageBuilder builder(true);
  builder.numbers.characteristics = 0x2102;
  Opened image(builder.Build());
  EXPECT_EQ(image.Int("machine"), 0x8664);
  EXPECT_EQ(image.Int("entry_point"), 0x200);
  EXPECT_EQ(image.Int("number_of_signatures"), 0);
  EXPECT_EQ(image.Int("is_signed"), 0);
  EXPECT_TRUE(IsUndefined(image.Get("base_of_data").value()));
  EXPECT_EQ(image.Get("sections").size(), 1u);
  EXPECT_EQ(std::get<std::string_view>(image.Get("sections")[0][0].value()),
            ".text");
  EXPECT_NE(std::get<int64_t>(image.Call("is_dll", "", {})), 0);
  EXPECT_EQ(std::get<int64_t>(image.Call("is_64bit", "", {})), 1);
  EXPECT_EQ(std::get<int64_t>(
                image.Call("section_index", "s", {std::string_view(".text")})),
            0);
  EXPECT_TRUE(IsUndefined(image.Call("section_index", "i", {int64_t{0x1000}})));
  // The digest of nothing.
  EXPECT_EQ(std::get<std::string_view>(image.Call("imphash", "", {})),
            "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(PeModuleTest, EntryPointOutsideTheFileIsMinusOne) {
  pe::ImageBuilder builder;
  builder.numbers.entry_point = 0x900000;
  EXPECT_EQ(Opened(builder.Build()).Int("entry_point"), -1);
}

TEST(PeModuleTest, CountsImports) {
  Opened image(Seed("pe_fuzz/imports"));
  EXPECT_EQ(image.Int("number_of_imports"), 2);
  EXPECT_EQ(image.Int("number_of_imported_functions"), 3);
  const std::string_view winsock = "WS2_32.DLL";
  const auto call = [&](std::string_view arguments, std::vector<Value> values) {
    return std::get<int64_t>(
        image.Call("imports", arguments, std::move(values)));
  };
  EXPECT_EQ(call("s", {winsock}), 2);
  EXPECT_EQ(call("ss", {winsock, std::string_view("wsastartup")}), 1);
  EXPECT_EQ(call("si", {winsock, int64_t{1}}), 1);
  EXPECT_EQ(call("si", {winsock, int64_t{2}}), 0);
  EXPECT_EQ(call("is", {int64_t{2}, winsock}), 0);
  EXPECT_EQ(call("is", {int64_t{-1}, winsock}), 2);
  const Pattern any(".*");
  const Pattern process("Process$");
  const RegexMatcher* any_library = &any;
  const RegexMatcher* function = &process;
  EXPECT_EQ(call("rr", {any_library, function}), 1);
  EXPECT_FALSE(
      IsUndefined(image.Call("import_rva", "si", {winsock, int64_t{1}})));
}

TEST(PeModuleTest, RichFunctionsSumCounts) {
  Opened image(Seed("pe_fuzz/rich"));
  const Node& rich = image.Get("rich_signature");
  const Field* field = FindField(kPeModule.fields, "rich_signature");
  const Field* version = FindField(field->fields, "version");
  ASSERT_NE(version, nullptr);
  const std::vector<Value> arguments = {int64_t{0x6b14}};
  EXPECT_EQ(std::get<int64_t>(
                version->overloads[0].method(image.context(), rich, arguments)),
            3);
}

TEST(PeModuleTest, SignaturesKnowWhenTheyWereValid) {
  Opened image(Seed("authenticode_fuzz/signed"));
  EXPECT_EQ(image.Int("is_signed"), 1);
  const Field* field = FindField(kPeModule.fields, "signatures");
  const Field* valid_on = FindField(field->fields, "valid_on");
  ASSERT_NE(valid_on, nullptr);
  const Node& signature = image.Get("signatures")[0];
  const auto is_valid = [&](int64_t time) {
    const std::vector<Value> arguments = {time};
    return std::get<int64_t>(
        valid_on->overloads[0].method(image.context(), signature, arguments));
  };
  EXPECT_EQ(is_valid(1704067199), 0);
  EXPECT_EQ(is_valid(1704067200), 1);
  EXPECT_EQ(is_valid(4000000000), 0);
}

TEST(DotnetModuleTest, TellsAssembliesFromOtherPrograms) {
  Opened assembly(Seed("dotnet_fuzz/demo"), kDotnetModule);
  EXPECT_EQ(assembly.Int("is_dotnet"), 1);
  EXPECT_EQ(assembly.Int("number_of_classes"), 3);
  EXPECT_EQ(std::get<std::string_view>(assembly.Get("module_name").value()),
            "demo.dll");
  Opened program(pe::ImageBuilder().Build(), kDotnetModule);
  EXPECT_EQ(program.Int("is_dotnet"), 0);
  EXPECT_TRUE(IsUndefined(program.Get("number_of_classes").value()));
  Opened text(ByteVector{'h', 'i'}, kDotnetModule);
  EXPECT_TRUE(IsUndefined(text.Get("is_dotnet").value()));
}

}  // namespace
}  // namespace vitrine::engine::modules
