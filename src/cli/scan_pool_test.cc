// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace vitrine::cli {
namespace {

// Sleeps longer for some items than for others, so that they end out of order.
class UnevenScanner : public ItemScanner {
 public:
  Outcome Scan(const WalkItem& item) override {
    const size_t turn = item.path.back() - '0';
    std::this_thread::sleep_for(std::chrono::milliseconds(turn % 3));
    Outcome outcome;
    outcome.path = item.path;
    return outcome;
  }
};

std::vector<std::string> Paths(size_t count) {
  std::vector<std::string> paths;
  for (size_t i = 0; i < count; ++i) {
    paths.push_back("/nonexistent/" + std::to_string(i));
  }
  return paths;
}

class ScanPoolTest : public testing::TestWithParam<unsigned> {};

TEST_P(ScanPoolTest, KeepsTheOrderOfInputs) {
  const auto paths = Paths(1000);
  auto walker = Walker::Create(paths, {});
  std::vector<std::string> seen;
  const auto caller = std::this_thread::get_id();
  ScanAll(
      *walker.value(), GetParam(),
      [] { return std::make_unique<UnevenScanner>(); },
      [&](const Outcome& outcome) {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        seen.push_back(outcome.path);
      });
  EXPECT_EQ(seen, paths);
}

TEST_P(ScanPoolTest, EndsWithoutInputs) {
  auto walker = Walker::Create({}, {});
  int taken = 0;
  ScanAll(
      *walker.value(), GetParam(),
      [] { return std::make_unique<UnevenScanner>(); },
      [&](const Outcome&) { ++taken; });
  EXPECT_EQ(taken, 0);
}

TEST_P(ScanPoolTest, MakesAScannerForEachWorker) {
  auto walker = Walker::Create(Paths(10), {});
  std::atomic<unsigned> made = 0;
  ScanAll(
      *walker.value(), GetParam(),
      [&] {
        ++made;
        return std::make_unique<UnevenScanner>();
      },
      [](const Outcome&) {});
  EXPECT_EQ(made, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Jobs, ScanPoolTest, testing::Values(1, 2, 7));

}  // namespace
}  // namespace vitrine::cli
