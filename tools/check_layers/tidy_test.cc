// SPDX-License-Identifier: Apache-2.0
#include "check_layers/tidy.h"

#include <gtest/gtest.h>

namespace vitrine::house {
namespace {

const std::string kLicence = "// SPDX-License-Identifier: Apache-2.0\n";

std::vector<std::string> Check(const std::string& path,
                               const std::string& text) {
  std::vector<std::string> messages;
  for (const auto& complaint : CheckTidy({{path, text}})) {
    messages.push_back(std::to_string(complaint.line) + ": " +
                       complaint.message);
  }
  return messages;
}

std::string Lines(int count) {
  return std::string(static_cast<size_t>(count), '\n');
}

using Expected = std::vector<std::string>;

TEST(Tidy, WantsALicenceLine) {
  EXPECT_EQ(Check("src/a.cc", "int a;\n"), Expected{"1: no SPDX licence line"});
  EXPECT_EQ(Check("src/a.cc", kLicence), Expected{});
  EXPECT_EQ(Check("tools/a.sh",
                  "#!/bin/sh\n# SPDX-License-Identifier: "
                  "Apache-2.0\n"),
            Expected{});
  EXPECT_EQ(Check("fuzz/corpus/x/a.cc", "int a;\n"), Expected{});
}

TEST(Tidy, BoundsFiles) {
  EXPECT_EQ(Check("src/a.cc", kLicence + Lines(799)), Expected{});
  EXPECT_EQ(Check("src/a.cc", kLicence + Lines(800)),
            Expected{"801: longer than 800 lines"});
  EXPECT_EQ(Check("src/a_table.cc", kLicence + Lines(9000)), Expected{});
  EXPECT_EQ(Check("apps/a/main.cc", kLicence + Lines(150)),
            Expected{"151: longer than 150 lines"});
}

TEST(Tidy, BoundsFunctions) {
  EXPECT_EQ(Check("src/a.cc", kLicence + "void F() {" + Lines(69) + "}\n"),
            Expected{});
  EXPECT_EQ(Check("src/a.cc", kLicence + "void F() {" + Lines(70) + "}\n"),
            Expected{"2: F has 71 lines, more than 70"});
}

TEST(Tidy, RefusesBannedCalls) {
  EXPECT_EQ(Check("src/a.cc", kLicence + "int x = std::rand();\nsystem(x);\n"),
            (Expected{"3: system() is banned", "2: rand() is banned"}));
  EXPECT_EQ(Check("src/a.cc", kLicence + "host.system(x); // gets(\n"
                                         "my_rand(); Foo::system(1);\n"),
            Expected{});
}

TEST(Tidy, LetsTestsRunOtherPrograms) {
  EXPECT_EQ(Check("src/a_test.cc", kLicence + "system(\"yara\");\n"),
            Expected{});
  EXPECT_EQ(Check("src/a_test.cc", kLicence + "gets(x);\n"),
            Expected{"2: gets() is banned"});
}

TEST(Tidy, RefusesPathsOfAMachine) {
  const std::string path = std::string("/tmp") + "/b/x";
  EXPECT_EQ(Check("docs/a.md", "\nsee " + path + "\n"),
            Expected{"2: a path of somebody's machine"});
}

TEST(Tidy, RefusesABareTestVirus) {
  const std::string name =
      std::string("EICAR-STANDARD-") + "ANTIVIRUS-TEST-FILE";
  EXPECT_EQ(Check("fuzz/corpus/x/a", name),
            Expected{"1: the EICAR file lies bare; assemble it at run time"});
}

TEST(Tidy, RefusesAnEmptyTree) { EXPECT_EQ(CheckTidy({}).size(), 1u); }

}  // namespace
}  // namespace vitrine::house
