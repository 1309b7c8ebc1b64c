// SPDX-License-Identifier: Apache-2.0
#include "quarantine/store.h"

#include <sys/file.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include <random>

#include "base/text.h"
#include "quarantine/names.h"
#include "quarantine/store_fixture.h"

namespace vitrine::quarantine {
namespace {

namespace fs = std::filesystem;

using StoreTest = StoreFixture;

TEST_F(StoreTest, TakesAFileAndGivesItBackAsItWas) {
  const std::string path = Make("a", "MARKER and more");
  ASSERT_EQ(chmod(path.c_str(), 04751), 0);
  ASSERT_EQ(setxattr(path.c_str(), "user.note", "kept", 4, 0), 0);
  const timespec times[2] = {{1'600'000'000, 123'456'789},
                             {1'500'000'000, 987'654'321}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  if (geteuid() == 0) {
    ASSERT_EQ(chown(path.c_str(), 1234, 5678), 0);
    ASSERT_EQ(chmod(path.c_str(), 04751), 0);
  }
  struct stat before;
  ASSERT_EQ(stat(path.c_str(), &before), 0);

  const auto taken = Take(path);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_TRUE(taken.value().removed);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(Leftovers(files_), 0u);
  Store store = Open();
  const Item item = store.Get(taken.value().item.id).value();
  EXPECT_EQ(item.metadata, taken.value().item.metadata);
  EXPECT_EQ(item.metadata.path, path);
  EXPECT_EQ(item.metadata.rules, std::vector<std::string>{"Marker"});
  EXPECT_EQ(item.seal.sha256, crypto::Sha256(AsBytes("MARKER and more")));

  const auto restored = store.Restore(item.id, {});
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  EXPECT_TRUE(restored.value().refused.empty());
  EXPECT_EQ(Read(path), "MARKER and more");
  struct stat after;
  ASSERT_EQ(stat(path.c_str(), &after), 0);
  EXPECT_EQ(after.st_mode, before.st_mode);
  EXPECT_EQ(after.st_uid, before.st_uid);
  EXPECT_EQ(after.st_gid, before.st_gid);
  EXPECT_EQ(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
  EXPECT_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
  char note[8] = {};
  EXPECT_EQ(getxattr(path.c_str(), "user.note", note, sizeof note), 4);
  EXPECT_STREQ(note, "kept");
  EXPECT_TRUE(store.List().value().items.empty());
}

TEST_F(StoreTest, HoldsNothingReadable) {
  const auto taken = Take(Make("secret-name", std::string(5000, 'S')));
  ASSERT_TRUE(taken.ok());
  const fs::path item =
      root_ / "store" / NameOf(taken.value().item.id, kItemSuffix);
  const std::string bytes = Read(item);
  for (const char* clear : {"SSSS", "secret-name", "Marker"}) {
    EXPECT_EQ(bytes.find(clear), bytes.npos) << clear;
  }
  EXPECT_EQ(fs::status(item).permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(root_ / "store").permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(root_ / "key").permissions(), fs::perms(0600));
}

TEST_F(StoreTest, EveryFlippedByteOfAnItemIsSeen) {
  const auto taken = Take(Make("a", "0123456789"));
  ASSERT_TRUE(taken.ok());
  const ItemId id = taken.value().item.id;
  const fs::path path = root_ / "store" / NameOf(id, kItemSuffix);
  const std::string whole = Read(path);
  const Store store = Open();
  const UniqueFd sink(open("/dev/null", O_WRONLY | O_CLOEXEC));
  const UniqueFd file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  for (size_t i = 0; i < whole.size(); ++i) {
    const auto flipped = static_cast<char>(whole[i] ^ 1);
    ASSERT_EQ(pwrite(file.get(), &flipped, 1, static_cast<off_t>(i)), 1);
    EXPECT_FALSE(store.Export(id, sink.get()).ok()) << i;
    ASSERT_EQ(pwrite(file.get(), &whole[i], 1, static_cast<off_t>(i)), 1);
  }
  EXPECT_TRUE(store.Export(id, sink.get()).ok());
  for (size_t size = whole.size(); size-- > 0;) {
    fs::resize_file(path, size);
    EXPECT_FALSE(store.Export(id, sink.get()).ok()) << size;
  }
}

// Files of random sizes with random holes come back byte by byte.
TEST_F(StoreTest, RandomSparseFilesComeBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 12; ++round) {
    const std::string path = (files_ / std::to_string(round)).string();
    {
      const UniqueFd file(
          open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
      const off_t size = static_cast<off_t>(random() % 3'000'000);
      for (auto extents = random() % 6; extents > 0 && size > 0; --extents) {
        std::string data(random() % 400'000, '\0');
        for (char& c : data) c = static_cast<char>(random());
        const off_t at = static_cast<off_t>(random()) % size;
        ASSERT_GE(pwrite(file.get(), data.data(), data.size(), at), 0);
      }
      ASSERT_EQ(ftruncate(file.get(), size), 0);
      const std::string note(random() % 200, 'x');
      fsetxattr(file.get(), "user.a", note.data(), note.size(), 0);
    }
    const std::string before = Read(path);
    const auto taken = Take(path);
    ASSERT_TRUE(taken.ok());
    EXPECT_EQ(taken.value().item.seal.sha256, crypto::Sha256(AsBytes(before)));
    EXPECT_EQ(Exported(taken.value().item.id), before);
    ASSERT_TRUE(Open().Restore(taken.value().item.id, {}).ok());
    EXPECT_EQ(Read(path), before);
  }
}

TEST_F(StoreTest, TellsOfOtherNamesAndLeavesThem) {
  const std::string path = Make("a");
  fs::create_hard_link(path, files_ / "b");
  const auto taken = Take(path);
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken.value().other_names, 1u);
  EXPECT_EQ(taken.value().item.metadata.links, 2u);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(Read(files_ / "b"), "MARKER");
}

TEST_F(StoreTest, KeepsWhatHasNoNameAnyMore) {
  const std::string path = Make("a");
  const UniqueFd file = OpenFile(path);
  fs::remove(path);
  const auto taken = Open().Take(SubjectOf(file));
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_FALSE(taken.value().removed);
  EXPECT_EQ(Exported(taken.value().item.id), "MARKER");
}

TEST_F(StoreTest, RefusesWhatIsNoFile) {
  ASSERT_EQ(mkfifo((files_ / "pipe").c_str(), 0600), 0);
  const UniqueFd pipe(
      open((files_ / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  EXPECT_FALSE(Open().Take(SubjectOf(pipe)).ok());
  const UniqueFd folder(open(files_.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(Open().Take(SubjectOf(folder)).ok());
  EXPECT_TRUE(fs::exists(files_ / "pipe"));
}

TEST_F(StoreTest, DeletesWithoutKeeping) {
  const std::string path = Make("a");
  const UniqueFd file = OpenFile(path);
  const auto taken = Open().Delete(SubjectOf(file));
  ASSERT_TRUE(taken.ok());
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::is_empty(root_ / "store"));
}

TEST_F(StoreTest, RestoreOverwritesOnlyWhenTold) {
  const std::string path = Make("a", "first");
  const auto taken = Take(path);
  ASSERT_TRUE(taken.ok());
  const ItemId id = taken.value().item.id;
  Make("a", "second");
  const auto refused = Open().Restore(id, {});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kDenied);
  EXPECT_EQ(Read(path), "second");
  RestoreOptions elsewhere;
  elsewhere.path = (files_ / "b").string();
  elsewhere.keep = true;
  ASSERT_TRUE(Open().Restore(id, elsewhere).ok());
  EXPECT_EQ(Read(files_ / "b"), "first");
  RestoreOptions overwrite;
  overwrite.overwrite = true;
  ASSERT_TRUE(Open().Restore(id, overwrite).ok());
  EXPECT_EQ(Read(path), "first");
  EXPECT_EQ(Open().Get(id).error().code, Code::kNotFound);
  EXPECT_EQ(Leftovers(files_), 0u);
}

TEST_F(StoreTest, RestoresThroughNoLink) {
  const std::string path = Make("a");
  const ItemId id = Take(path).value().item.id;
  fs::create_directory(root_ / "elsewhere");
  fs::remove(files_);
  fs::create_directory_symlink(root_ / "elsewhere", files_);
  EXPECT_EQ(Open().Restore(id, {}).error().code, Code::kDenied);
  EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));
  fs::remove(files_);
  fs::create_directory(files_);
  fs::create_symlink(root_ / "victim", files_ / "a");
  std::ofstream(root_ / "victim") << "victim";
  EXPECT_FALSE(Open().Restore(id, {}).ok());
  RestoreOptions overwrite;
  overwrite.overwrite = true;
  ASSERT_TRUE(Open().Restore(id, overwrite).ok());
  EXPECT_EQ(Read(root_ / "victim"), "victim");
  EXPECT_FALSE(fs::is_symlink(files_ / "a"));
}

TEST_F(StoreTest, FindsByTheBeginningOfAnId) {
  const ItemId id = Take(Make("a")).value().item.id;
  const std::string hex = ToHex(id);
  EXPECT_EQ(Open().Find(hex.substr(0, 6)).value(), id);
  EXPECT_EQ(Open().Find(hex).value(), id);
  EXPECT_EQ(Open().Find("").error().code, Code::kNotFound);
  EXPECT_EQ(Open().Find("../" + hex).error().code, Code::kNotFound);
  ASSERT_TRUE(Open().Drop(id).ok());
  EXPECT_EQ(Open().Find(hex).error().code, Code::kNotFound);
}

TEST_F(StoreTest, RetainsByAgeThenBySizeOldestFirst) {
  for (const char* name : {"a", "b", "c"}) {
    ASSERT_TRUE(Take(Make(name, std::string(100'000, 'x'))).ok());
  }
  Store store = Open();
  const Listing all = store.List().value();
  ASSERT_EQ(all.items.size(), 3u);
  const int64_t now = all.items[0].metadata.taken_ns;
  EXPECT_TRUE(store.Retain(0, 0, now).value().empty());
  EXPECT_TRUE(store.Retain(90, 0, now + 1).value().empty());
  const auto dropped = store.Retain(0, all.stored - 1, now).value();
  ASSERT_EQ(dropped.size(), 1u);
  EXPECT_EQ(dropped[0].id, all.items[0].id);
  const int64_t later = now + int64_t{91} * 86'400 * 1'000'000'000;
  EXPECT_EQ(store.Retain(90, 0, later).value().size(), 2u);
  EXPECT_TRUE(store.List().value().items.empty());
}

TEST_F(StoreTest, RefusesWhatTheWholeStoreCouldNotHold) {
  auto store =
      Store::Open(
          {(root_ / "store").string(), (root_ / "key").string(), 50'000, {}})
          .value();
  const std::string path = Make("a", std::string(100'000, 'x'));
  const UniqueFd file = OpenFile(path);
  EXPECT_EQ(store.Take(SubjectOf(file)).error().code, Code::kLimit);
  EXPECT_TRUE(fs::exists(path));
}

TEST_F(StoreTest, RefusesAFolderOrAKeyThatOthersCanReach) {
  Open();
  fs::permissions(root_ / "store", fs::perms(0750));
  const Store::Options options = {
      (root_ / "store").string(), (root_ / "key").string(), 0, {}};
  EXPECT_EQ(Store::Open(options).error().code, Code::kDenied);
  fs::permissions(root_ / "store", fs::perms(0700));
  fs::permissions(root_ / "key", fs::perms(0640));
  EXPECT_EQ(Store::Open(options).error().code, Code::kDenied);
}

TEST_F(StoreTest, AnotherKeyOpensNothing) {
  const ItemId id = Take(Make("a")).value().item.id;
  fs::remove(root_ / "key");
  const Store store = Open();
  EXPECT_EQ(store.Get(id).error().code, Code::kDenied);
  const Listing listing = store.List().value();
  EXPECT_TRUE(listing.items.empty());
  EXPECT_EQ(listing.problems.size(), 1u);
}

TEST_F(StoreTest, LeavesAnItemAloneThatAnotherProgramIsAt) {
  const ItemId id = Take(Make("a")).value().item.id;
  const Store store = Open();
  const UniqueFd other(
      open((root_ / "store" / NameOf(id, kItemSuffix)).c_str(), O_RDONLY));
  ASSERT_EQ(flock(other.get(), LOCK_EX), 0);
  EXPECT_EQ(Open().Drop(id).error().code, Code::kUnavailable);
  EXPECT_EQ(store.Get(id).error().code, Code::kUnavailable);
  ASSERT_EQ(flock(other.get(), LOCK_SH), 0);
  EXPECT_TRUE(store.Get(id).ok());
}

// On a disk of its own that is too small for the copy.
TEST_F(StoreTest, AFullDiskLeavesTheOriginalAndNoHalf) {
  const fs::path disk = root_ / "disk";
  fs::create_directory(disk);
  if (mount("none", disk.c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "cannot mount a small disk here";
  }
  {
    auto store =
        Store::Open(
            {(disk / "store").string(), (root_ / "key").string(), 0, {}})
            .value();
    const std::string path = Make("a", std::string(1'000'000, 'x'));
    const UniqueFd file = OpenFile(path);
    const auto taken = store.Take(SubjectOf(file));
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, Code::kUnavailable);
    EXPECT_EQ(Read(path), std::string(1'000'000, 'x'));
    EXPECT_TRUE(fs::is_empty(disk / "store"));
  }
  umount(disk.c_str());
}

// The private folder cannot be made on a full disk; the file goes all the same.
TEST_F(StoreTest, TakesAFileFromAFullDisk) {
  if (mount("none", files_.c_str(), "tmpfs", 0, "size=64k,nr_inodes=3") != 0) {
    GTEST_SKIP() << "cannot mount a small disk here";
  }
  const std::string path = Make("a", std::string(10'000, 'x'));
  Make("b", "");
  {
    const auto taken = Take(path);
    EXPECT_TRUE(taken.ok()) << taken.error().message;
    EXPECT_FALSE(fs::exists(path));
  }
  umount(files_.c_str());
}

}  // namespace
}  // namespace vitrine::quarantine
