// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/yara/yara.h"

// Compiled code from a hostile database: whatever it is, Evaluate() comes
// back, and asks where a pattern matched only if it did.
namespace vitrine::engine::yara {
namespace {

constexpr uint32_t kPatterns = 4;

class Matches final : public MatchSource {
 public:
  Matches() {
    for (uint32_t i = 0; i < kPatterns; ++i) {
      for (uint64_t k = 0; k < i; ++k) {
        lists_[i].matches.push_back({.offset = k * 3, .length = i});
      }
    }
  }
  // As engine/match does: what is not there was not found.
  bool Exists(uint32_t pattern) override {
    return pattern < kPatterns && !lists_[pattern].matches.empty();
  }
  const MatchList& All(uint32_t pattern) override {
    if (!Exists(pattern)) __builtin_trap();  // All() of what does not exist.
    return lists_[pattern];
  }

 private:
  MatchList lists_[kPatterns];
};

class World final : public Environment {
 public:
  explicit World(Deadline deadline) : deadline_(deadline) {}

  Object& object() override { return object_; }
  modules::ModuleContext& Module(std::string_view name) override {
    auto& context = modules_[std::string(name)];
    if (!context) {
      context = std::make_unique<modules::ModuleContext>(
          *modules::FindModule(name), object_);
    }
    return *context;
  }
  bool RuleHolds(uint32_t index) override { return index % 2 == 1; }
  const External* Find(std::string_view external) override {
    return external == "i" ? &external_ : nullptr;
  }
  Deadline deadline() override { return deadline_; }

 private:
  static constexpr uint8_t kBytes[] = {'M', 'Z', 0x90, 0, 3, 0, 0, 0};
  Object object_{kBytes, FileType::kBINARY_DATA};
  std::map<std::string, std::unique_ptr<modules::ModuleContext>> modules_;
  External external_ = int64_t{5};
  Deadline deadline_;
};

}  // namespace
}  // namespace vitrine::engine::yara

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace std::chrono_literals;
  vitrine::engine::yara::Matches matches;
  vitrine::engine::yara::World world(vitrine::Deadline::After(20ms));
  const auto holds = vitrine::engine::yara::Evaluate(vitrine::Bytes(data, size),
                                                     matches, world);
  if (!holds.ok() && holds.error().message.empty()) __builtin_trap();
  return 0;
}
