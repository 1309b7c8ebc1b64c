// SPDX-License-Identifier: Apache-2.0
#include "cli/item_scanner.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "cli/limits.h"

namespace vitrine::cli {
namespace {

Outcome OutcomeOf(const WalkItem& item) {
  Outcome outcome;
  outcome.path = item.path;
  return outcome;
}

// Finishes some items later than others, so that they end out of order.
class UnevenScanner : public ItemScanner {
 public:
  void Begin(WalkItem item, Done done) override {
    const size_t turn = item.path.back() - '0';
    if (turn % 3 == 0) return done(OutcomeOf(item));
    threads_.emplace_back([turn, item = std::move(item), done] {
      std::this_thread::sleep_for(std::chrono::microseconds(300 * (turn % 3)));
      done(OutcomeOf(item));
    });
  }

 private:
  std::vector<std::jthread> threads_;
};

// Keeps the first item back until as many more have come as may wait.
class HoldingScanner : public ItemScanner {
 public:
  void Begin(WalkItem item, Done done) override {
    if (!held_) {
      held_ = [done, item] { done(OutcomeOf(item)); };
      return;
    }
    done(OutcomeOf(item));
    if (++others_ == 1000) held_();
  }

 private:
  std::function<void()> held_;
  int others_ = 0;
};

std::vector<std::string> Paths(size_t count) {
  std::vector<std::string> paths;
  for (size_t i = 0; i < count; ++i) {
    paths.push_back("/nonexistent/" + std::to_string(i));
  }
  return paths;
}

void ExpectOrder(ItemScanner& scanner, size_t count) {
  const auto paths = Paths(count);
  auto walker = Walker::Create(paths, {});
  std::vector<std::string> seen;
  const auto caller = std::this_thread::get_id();
  ScanAll(*walker.value(), scanner, [&](const Outcome& outcome) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    seen.push_back(outcome.path);
  });
  EXPECT_EQ(seen, paths);
}

TEST(ScanAll, KeepsTheOrderOfInputs) {
  UnevenScanner scanner;
  ExpectOrder(scanner, 1000);
}

TEST(ScanAll, GoesOnWhileTheFirstInputTakesLong) {
  HoldingScanner scanner;
  ExpectOrder(scanner, 5 * kQueuedInputs + 1000);
}

TEST(ScanAll, EndsWithoutInputs) {
  UnevenScanner scanner;
  ExpectOrder(scanner, 0);
}

}  // namespace
}  // namespace vitrine::cli
