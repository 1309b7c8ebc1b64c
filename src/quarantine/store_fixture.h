// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "quarantine/store.h"

// For tests: a store and a folder of files, in an empty folder.
namespace vitrine::quarantine {

class StoreFixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = Base() + "/quarantine.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = std::filesystem::canonical(folder);
    files_ = root_ / "files";
    std::filesystem::create_directory(files_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  // Where the folder is made: in memory, where syncing costs nothing, if files
  // there can have attributes.
  virtual std::string Base() const {
    const std::string probe =
        "/dev/shm/vitrine-probe." + std::to_string(getpid());
    const UniqueFd file(
        open(probe.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool usable = file && fsetxattr(file.get(), "user.a", "b", 1, 0) == 0;
    if (file) unlink(probe.c_str());
    return usable ? "/dev/shm" : testing::TempDir();
  }

  Store Open(StepHook hook = {}) const {
    return Store::Open({(root_ / "store").string(), (root_ / "key").string(), 0,
                        std::move(hook)})
        .value();
  }

  std::string Make(const std::string& name,
                   const std::string& content = "MARKER") const {
    const std::filesystem::path path = files_ / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

  static std::string Read(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), {});
  }

  static UniqueFd OpenFile(const std::string& path) {
    return UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }

  static Subject SubjectOf(const UniqueFd& file) {
    Subject subject;
    subject.file = file.get();
    subject.rules = {"Marker"};
    subject.database = "1";
    subject.reason = "test";
    subject.verdict_ns = 5;
    return subject;
  }

  Result<Taken> Take(const std::string& path, StepHook hook = {}) const {
    Store store = Open(std::move(hook));
    const UniqueFd file = OpenFile(path);
    return store.Take(SubjectOf(file));
  }

  // The content of an item, by Export().
  std::string Exported(const ItemId& id) const {
    const std::filesystem::path to = root_ / "exported";
    const UniqueFd file(
        open(to.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    EXPECT_TRUE(Open().Export(id, file.get()).ok());
    return Read(to);
  }

  // Names in a folder that only we would put there.
  static size_t Leftovers(const std::filesystem::path& folder) {
    size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      const bool ours = name.starts_with(".vitrine-") ||
                        name.ends_with(".part") || name.ends_with(".pending");
      if (ours) ++count;
    }
    return count;
  }

  std::filesystem::path root_;
  std::filesystem::path files_;
};

}  // namespace vitrine::quarantine
