// SPDX-License-Identifier: Apache-2.0
#include "tasks/process_source.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kPresent = uint64_t{1} << 63;

// One process in a /proc of our own: its memory is a file.
class ProcessSourceTest : public testing::Test {
 protected:
  ProcessSourceTest() {
    char folder[] = "/tmp/vitrine-processes.XXXXXX";
    proc_ = mkdtemp(folder);
    process_ = proc_ + "/4000000";
    std::filesystem::create_directory(process_);
    std::filesystem::create_symlink("/bin/program", process_ + "/exe");
    Write("maps", "00400000-00402000 rw-p 00000000 00:00 0\n");
    Write("mem", "");
    Write("pagemap", "");
  }
  ~ProcessSourceTest() override { std::filesystem::remove_all(proc_); }

  void Write(const std::string& name, const std::string& content) {
    std::ofstream(process_ + "/" + name) << content;
  }
  void WriteAt(const std::string& name, uint64_t offset, const void* content,
               size_t size) {
    std::fstream file(process_ + "/" + name,
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(static_cast<const char*>(content),
               static_cast<std::streamsize>(size));
  }
  void Fill(uint64_t address, char content) {
    const std::string page(kPage, content);
    WriteAt("mem", address, page.data(), page.size());
    WriteAt("pagemap", address / kPage * 8, &kPresent, sizeof kPresent);
  }
  // A folder opens and cannot be read.
  void MakeUnreadable(const std::string& name) {
    std::filesystem::remove(process_ + "/" + name);
    std::filesystem::create_directory(process_ + "/" + name);
  }
  std::vector<Item> All() {
    ProcessSource::Options options;
    options.memory = true;
    options.processes = proc_;
    ProcessSource source(std::move(options));
    std::vector<Item> items;
    while (auto item = source.Next()) {
      const bool mark = item->kind == Item::Kind::kSkipped && item->why.empty();
      if (!mark) items.push_back(*std::move(item));
    }
    return items;
  }

  std::string proc_;
  std::string process_;
};

TEST_F(ProcessSourceTest, CopiesMemoryThatIsThere) {
  Fill(0x400000, 'a');
  Fill(0x401000, 'b');
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kMemory);
  EXPECT_EQ(items[0].range, "0x400000-0x402000");
  char copy[2 * kPage];
  ASSERT_EQ(pread(items[0].file.get(), copy, sizeof copy, 0),
            static_cast<ssize_t>(sizeof copy));
  EXPECT_EQ(copy[0], 'a');
  EXPECT_EQ(copy[kPage], 'b');
}

TEST_F(ProcessSourceTest, NamesMemoryThatCannotBeRead) {
  Fill(0x400000, 'a');
  Fill(0x401000, 'b');
  MakeUnreadable("mem");
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kLimited);
  EXPECT_EQ(items[0].range, "0x400000-0x402000");
}

TEST_F(ProcessSourceTest, MemoryThatHasGoneIsNoMatter) {
  Fill(0x400000, 'a');
  Write("mem", "");
  EXPECT_TRUE(All().empty());
}

TEST_F(ProcessSourceTest, NamesMemoryWhosePagesAreNotTold) {
  MakeUnreadable("pagemap");
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kError);
  EXPECT_EQ(items[0].range, "0x400000-0x402000");
  EXPECT_EQ(items[0].program, "/bin/program");
}

// As where there is no memory for the copy.
TEST_F(ProcessSourceTest, NamesMemoryThatCannotBeCopied) {
  Fill(0x400000, 'a');
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full = {1, before.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto items = All();
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, handler);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kError);
  EXPECT_EQ(items[0].range, "0x400000-0x401000");
}

TEST_F(ProcessSourceTest, SaysWhereItCannotSeeTheRegions) {
  MakeUnreadable("maps");
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kError);
}

TEST_F(ProcessSourceTest, SaysWhereRegionsAreTooMany) {
  std::string maps;
  for (size_t i = 0; i <= kRegionsMax; ++i) {
    maps += "00400000-00402000 ---p 00000000 00:00 0 [vdso]\n";
  }
  Write("maps", maps);
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kLimited);
  EXPECT_EQ(items[0].program, "/bin/program");
}

TEST_F(ProcessSourceTest, SaysWhereThereAreNoProcesses) {
  std::filesystem::remove_all(proc_);
  const auto items = All();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].kind, Item::Kind::kError);
}

}  // namespace
}  // namespace vitrine::tasks
