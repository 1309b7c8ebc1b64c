// SPDX-License-Identifier: Apache-2.0
#include "events/spool_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <thread>

#include "events/record.h"
#include "events/sample_events.h"

namespace vitrine::events {
namespace {

namespace fs = std::filesystem;

class SpoolWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "spool.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
  }
  void TearDown() override { fs::remove_all(root_); }

  SpoolWriter::Options Options() const {
    SpoolWriter::Options options;
    options.folder = (root_ / "guard").string();
    options.writer = "guard";
    return options;
  }
  std::unique_ptr<SpoolWriter> Open() const {
    return SpoolWriter::Open(Options()).value();
  }

  std::vector<fs::path> Segments() const {
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(root_ / "guard")) {
      names.push_back(entry.path());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  // Every event of the folder by sequence number; all must parse.
  std::map<uint64_t, Event> Read() const {
    std::map<uint64_t, Event> events;
    for (const fs::path& path : Segments()) {
      std::ifstream in(path, std::ios::binary);
      const std::string all((std::istreambuf_iterator<char>(in)), {});
      Bytes bytes = AsBytes(all);
      EXPECT_TRUE(ParseSegmentHeader(bytes).ok());
      bytes = bytes.subspan(kSegmentHeaderSize);
      while (!bytes.empty()) {
        const auto frame = ParseFrame(bytes);
        EXPECT_TRUE(frame.ok());
        if (!frame.ok()) break;
        events[frame.value().sequence] =
            DecodeEvent(frame.value().payload).value();
        bytes = bytes.subspan(frame.value().size);
      }
    }
    return events;
  }

  fs::path root_;
};

TEST_F(SpoolWriterTest, WritesEventsInOrder) {
  const auto writer = Open();
  for (uint64_t i = 1; i <= 10; ++i) {
    Event event = FullEvent();
    event.count = i;
    ASSERT_TRUE(writer->Append(event).ok());
  }
  const auto events = Read();
  ASSERT_EQ(events.size(), 10u);
  for (const auto& [sequence, event] : events) {
    EXPECT_EQ(event.count, sequence);
  }
}

TEST_F(SpoolWriterTest, PutsTheTimeWhereThereIsNone) {
  const auto writer = Open();
  ASSERT_TRUE(writer->Append(Make(LifecycleActivity::kStart)).ok());
  EXPECT_GT(Read().at(1).time_ns, 1'700'000'000'000'000'000);
}

TEST_F(SpoolWriterTest, BeginsSegmentsAndLocksOnlyTheLast) {
  auto options = Options();
  options.segment_bytes = 1000;
  auto writer = SpoolWriter::Open(options).value();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(writer->Append(FullEvent()).ok());
  EXPECT_EQ(Read().size(), 20u);
  const auto names = Segments();
  ASSERT_GT(names.size(), 3u);
  const auto is_free = [](const fs::path& path) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return flock(file.get(), LOCK_SH | LOCK_NB) == 0;
  };
  for (size_t i = 0; i + 1 < names.size(); ++i) EXPECT_TRUE(is_free(names[i]));
  EXPECT_FALSE(is_free(names.back()));
  writer.reset();
  EXPECT_TRUE(is_free(names.back()));
}

TEST_F(SpoolWriterTest, WhatWasAppendedOutlivesAKilledWriter) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto writer = Open();
    for (uint64_t i = 1;; ++i) {
      Event event = FullEvent();
      event.count = i;
      if (!writer->Append(event).ok()) _exit(1);
      if (write(ready[1], &i, sizeof i) != sizeof i) _exit(1);
    }
  }
  uint64_t seen = 0;
  while (seen < 500) {
    ASSERT_EQ(read(ready[0], &seen, sizeof seen), ssize_t{sizeof seen});
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  const auto events = Read();
  ASSERT_GE(events.size(), seen);
  EXPECT_EQ(events.at(seen).count, seen);
  close(ready[0]);
  close(ready[1]);
}

TEST_F(SpoolWriterTest, ManyThreadsLoseNothing) {
  auto options = Options();
  options.segment_bytes = 20'000;
  const auto writer = SpoolWriter::Open(options).value();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&writer] {
        for (int i = 0; i < 250; ++i) {
          EXPECT_TRUE(writer->Append(FullEvent()).ok());
        }
      });
    }
  }
  EXPECT_EQ(Read().size(), 1000u);
}

TEST_F(SpoolWriterTest, AFullFolderLosesEventsAloudAndGoesOnWhenEmptied) {
  auto options = Options();
  options.segment_bytes = 1000;
  options.folder_bytes = 4000;
  const auto writer = SpoolWriter::Open(options).value();
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    if (!writer->Append(FullEvent()).ok()) ++refused;
  }
  EXPECT_GT(refused, 50);
  EXPECT_EQ(writer->lost(), static_cast<uint64_t>(refused));
  const auto names = Segments();
  for (size_t i = 0; i + 1 < names.size(); ++i) fs::remove(names[i]);
  const uint64_t written = Read().rbegin()->first;
  while (!writer->Append(FullEvent()).ok()) ++refused;
  const auto events = Read();
  EXPECT_EQ(events.at(written + 1).reason, "events-lost");
  EXPECT_EQ(events.at(written + 1).count, static_cast<uint64_t>(refused));
  EXPECT_EQ(events.at(written + 2), FullEvent());
  EXPECT_EQ(writer->lost(), 0u);
}

// A write that the file system cuts short must not leave half a frame in front
// of the next one.
TEST_F(SpoolWriterTest, AShortWriteLeavesNoHalfFrame) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {2000, 2000};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    const auto writer = Open();
    int written = 0;
    while (writer->Append(FullEvent()).ok()) ++written;
    _exit(written > 1 && writer->lost() == 1 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_GT(Read().size(), 1u);  // Read() fails on anything that is no frame.
}

TEST_F(SpoolWriterTest, RefusesAFolderThatIsALink) {
  fs::create_directory(root_ / "elsewhere");
  fs::create_directory_symlink(root_ / "elsewhere", root_ / "guard");
  EXPECT_FALSE(SpoolWriter::Open(Options()).ok());
}

}  // namespace
}  // namespace vitrine::events
