// SPDX-License-Identifier: Apache-2.0
// What takes a while, on a real disk.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdio>
#include <thread>

#include "quarantine/store_fixture.h"

namespace vitrine::quarantine {
namespace {

namespace fs = std::filesystem;

class StoreSlowTest : public StoreFixture {
 protected:
  std::string Base() const override { return testing::TempDir(); }
};

// kill -9 at whatever moment, again and again.
TEST_F(StoreSlowTest, KilledAtAnyMomentNothingIsLost) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = "round" + std::to_string(round) + "-";
    for (int i = 0; i < 10; ++i) Make(name + std::to_string(i));
    const pid_t child = fork();
    if (child == 0) {
      Store store = Open();
      for (int i = 0; i < 10; ++i) {
        const UniqueFd file =
            OpenFile((files_ / name).string() + std::to_string(i));
        if (!store.Take(SubjectOf(file)).ok()) _exit(1);
      }
      _exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500) * round * 4);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    Store store = Open();
    ASSERT_TRUE(store.Recover().value().problems.empty());
    const size_t left =
        static_cast<size_t>(std::distance(fs::directory_iterator(files_), {}));
    const Listing listing = store.List().value();
    EXPECT_TRUE(listing.problems.empty());
    EXPECT_EQ(left + listing.items.size(), 10u);
    for (const Item& item : listing.items) {
      EXPECT_EQ(Exported(item.id), "MARKER");
      ASSERT_TRUE(store.Drop(item.id).ok());
    }
    fs::remove_all(files_);
    fs::create_directory(files_);
  }
}

// Bounded memory, and holes that stay holes.
TEST_F(StoreSlowTest, AGibibyteWithHolesCostsNeitherMemoryNorDisk) {
  const std::string path = Make("a", "begin");
  fs::resize_file(path, uint64_t{1} << 30);
  std::ofstream(path, std::ios::app) << "end";
  const pid_t child = fork();
  if (child == 0) {
    const auto taken = Take(path);
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory %ld KiB\n", usage.ru_maxrss);
    std::fflush(stdout);
    _exit(taken.ok() && usage.ru_maxrss < 100 * 1024 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  Store store = Open();
  const Listing listing = store.List().value();
  ASSERT_EQ(listing.items.size(), 1u);
  const Item& item = listing.items[0];
  EXPECT_EQ(item.seal.size, (uint64_t{1} << 30) + 3);
  EXPECT_LT(item.stored, 1'000'000u);
  ASSERT_TRUE(store.Restore(item.id, {}).ok());
  struct stat after;
  ASSERT_EQ(stat(path.c_str(), &after), 0);
  EXPECT_EQ(static_cast<uint64_t>(after.st_size), item.seal.size);
  EXPECT_LT(after.st_blocks * 512, 1'000'000);
  std::ifstream in(path, std::ios::binary);
  std::string head(5, ' ');
  in.read(head.data(), 5);
  EXPECT_EQ(head, "begin");
}

}  // namespace
}  // namespace vitrine::quarantine
