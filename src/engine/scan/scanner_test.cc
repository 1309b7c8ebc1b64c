// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/scanner.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/unique_fd.h"
#include "engine/clamav/reader.h"
#include "engine/compile/compile.h"

namespace vitrine::engine::scan {
namespace {

ByteVector DatabaseOf(std::string_view lines) {
  ir::Program program;
  clamav::ReadState state;
  program.files = {"t.ldb"};
  clamav::ReadFile(*clamav::ExtensionOf("t.ldb"), "t.ldb", 0, lines, true,
                   state, program);
  return compile::Compile(program).value();
}

std::shared_ptr<const vdb::Database> Mapped(const ByteVector& image) {
  const UniqueFd file(memfd_create("image", MFD_CLOEXEC));
  EXPECT_EQ(write(file.get(), image.data(), image.size()),
            static_cast<ssize_t>(image.size()));
  return vdb::Database::Map(file.get()).value();
}

TEST(ScannerTest, HasNoVerdictByADatabaseThatProvedDamaged) {
  ByteVector image =
      DatabaseOf("One;Engine:51-255,Target:0;0&1;6d61726b6572;6d6f7265\n");
  {
    Scanner scanner(Mapped(image), {}, {});
    EXPECT_EQ(scanner.Scan(AsBytes("a marker and more")).verdict,
              Verdict::kFound);
    EXPECT_EQ(scanner.Scan(AsBytes("nothing of it")).verdict, Verdict::kClean);
  }
  const auto whole = vdb::Database::FromBytes(image).value();
  const Bytes code = whole->Code(whole->rules()[0].code);
  image[static_cast<size_t>(code.data() - whole->image().data())] ^= 1;
  Scanner scanner(Mapped(image), {}, {});
  const ScanReport report = scanner.Scan(AsBytes("a marker and more"));
  EXPECT_EQ(report.verdict, Verdict::kError);
  EXPECT_TRUE(report.alerts.empty());
  ASSERT_EQ(report.errors.size(), 1u);
  EXPECT_EQ(report.errors[0], "not a usable database: section 24 is damaged");
  EXPECT_EQ(scanner.Scan(AsBytes("nothing of it")).verdict, Verdict::kError);
}

}  // namespace
}  // namespace vitrine::engine::scan
