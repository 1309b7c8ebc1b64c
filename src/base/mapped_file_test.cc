// SPDX-License-Identifier: Apache-2.0
#include "base/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <numeric>
#include <string>
#include <thread>

#include "base/unique_fd.h"

namespace vitrine {
namespace {

// A file without a name that is `size` bytes of a running pattern.
UniqueFd MakeFile(uint64_t size) {
  UniqueFd fd(memfd_create("mapped_file_test", MFD_CLOEXEC));
  ByteVector bytes(size);
  std::iota(bytes.begin(), bytes.end(), uint8_t{1});
  EXPECT_EQ(write(fd.get(), bytes.data(), size), static_cast<ssize_t>(size));
  return fd;
}

uint64_t Sum(Bytes bytes) {
  return std::accumulate(bytes.begin(), bytes.end(), uint64_t{0});
}

// Bytes of files that are resident in our address space just now; what the
// sanitizers allocate for themselves does not count.
uint64_t Resident() {
  std::ifstream in("/proc/self/status");
  uint64_t kib = 0;
  for (std::string word; in >> word;) {
    uint64_t value = 0;
    if ((word == "RssFile:" || word == "RssShmem:") && in >> value) {
      kib += value;
    }
  }
  return kib * 1024;
}

TEST(MappedFile, ReadsSmallFiles) {
  ByteVector buffer;
  const UniqueFd fd = MakeFile(1000);
  const auto file = MappedFile::Open(fd.get(), buffer);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value().bytes().size(), 1000u);
  EXPECT_EQ(file.value().bytes().data(), buffer.data());
  EXPECT_FALSE(file.value().damaged());
}

TEST(MappedFile, ReadsEmptyFiles) {
  ByteVector buffer;
  const UniqueFd fd = MakeFile(0);
  const auto file = MappedFile::Open(fd.get(), buffer);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file.value().bytes().empty());
  EXPECT_FALSE(file.value().damaged());
}

TEST(MappedFile, ReadsFilesThatHideTheirSize) {
  ByteVector buffer;
  const UniqueFd fd(open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  const auto file = MappedFile::Open(fd.get(), buffer);
  ASSERT_TRUE(file.ok());
  EXPECT_GT(file.value().bytes().size(), 0u);
}

TEST(MappedFile, RefusesWhatIsNoFile) {
  ByteVector buffer;
  const UniqueFd fd(open("/dev/zero", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(MappedFile::Open(fd.get(), buffer).ok());
}

TEST(MappedFile, MapsLargeFiles) {
  ByteVector buffer;
  UniqueFd fd = MakeFile(kReadMax + 1);
  const auto file = MappedFile::Open(fd.get(), buffer);
  fd.Reset();
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(file.value().bytes().size(), kReadMax + 1);
  EXPECT_EQ(file.value().bytes()[kReadMax], uint8_t{1});
  EXPECT_FALSE(file.value().damaged());
}

TEST(MappedFile, SurvivesTruncationAndSaysSo) {
  ByteVector buffer;
  const UniqueFd fd = MakeFile(kReadMax * 2);
  const auto file = MappedFile::Open(fd.get(), buffer);
  ASSERT_TRUE(file.ok());
  const Bytes bytes = file.value().bytes();
  ASSERT_EQ(ftruncate(fd.get(), kReadMax), 0);
  EXPECT_NE(Sum(bytes.first(kReadMax)), 0u);
  EXPECT_FALSE(file.value().damaged());
  EXPECT_EQ(Sum(bytes.subspan(kReadMax)), 0u);  // Zeros, not a signal.
  EXPECT_TRUE(file.value().damaged());
}

TEST(MappedFile, SurvivesTruncationInEveryThread) {
  const UniqueFd fd = MakeFile(kReadMax * 2);
  ByteVector buffer;
  ByteVector other_buffer;
  auto cut = MappedFile::Open(fd.get(), buffer);
  const UniqueFd whole_fd = MakeFile(kReadMax * 2);
  auto whole = MappedFile::Open(whole_fd.get(), other_buffer);
  ASSERT_TRUE(cut.ok() && whole.ok());
  ASSERT_EQ(ftruncate(fd.get(), 1), 0);
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
      readers.emplace_back([&] {
        EXPECT_EQ(Sum(cut.value().bytes().subspan(4096)), 0u);
        EXPECT_NE(Sum(whole.value().bytes()), 0u);
      });
    }
  }
  EXPECT_TRUE(cut.value().damaged());
  EXPECT_FALSE(whole.value().damaged());
}

TEST(MappedFile, KeepsALargeFileOutOfMemory) {
  constexpr uint64_t kSize = uint64_t{1} << 29;
  const std::string path = testing::TempDir() + "mapped_file_sparse";
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  unlink(path.c_str());
  ASSERT_EQ(ftruncate(fd.get(), kSize), 0);
  ByteVector buffer;
  const auto file = MappedFile::Open(fd.get(), buffer);
  ASSERT_TRUE(file.ok());
  const uint64_t before = Resident();
  uint64_t most = 0;
  const Bytes bytes = file.value().bytes();
  uint64_t sum = 0;
  for (uint64_t at = 0; at < kSize; at += 4096) {
    sum += bytes[at];
    if (at % (uint64_t{16} << 20) == 0) most = std::max(most, Resident());
  }
  EXPECT_EQ(sum, 0u);
  EXPECT_LT(most - std::min(most, before), kSize / 2);
}

}  // namespace
}  // namespace vitrine
