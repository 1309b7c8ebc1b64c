// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "formats/archive/archive.h"
#include "formats/recording_sink.h"

namespace vitrine::archive {
namespace {

using ::testing::ElementsAre;

TEST(Archive, BoundsWhatIsUnpackedToBeThrownAway) {
  // A solid 7z, where the second member is behind 300 MB of zeros.
  ::archive* writer = archive_write_new();
  archive_write_set_format_7zip(writer);
  archive_write_set_options(writer, "compression=lzma2,compression-level=1");
  std::string out(8 << 20, '\0');
  size_t used = 0;
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  const std::string zeros(1 << 20, '\0');
  for (const auto& [name, megabytes] :
       {std::pair{"zeros", 300}, std::pair{"behind", 0}}) {
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, int64_t{megabytes} << 20);
    archive_write_header(writer, entry);
    for (int i = 0; i < megabytes; ++i) {
      archive_write_data(writer, zeros.data(), zeros.size());
    }
  }
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  RecordingSink sink(1000);
  EXPECT_TRUE(
      Unpack(FileType::k7Z, AsBytes(out), Deadline::Never(), sink).ok());
  EXPECT_THAT(sink.skipped, ElementsAre(":work-limit"));
  ASSERT_EQ(sink.seen.size(), 1U);
  EXPECT_EQ(sink.seen[0].bytes.size(), 1000U);
}

}  // namespace
}  // namespace vitrine::archive
