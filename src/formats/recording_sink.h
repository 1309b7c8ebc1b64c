// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/member.h"

namespace vitrine {

// For tests and harnesses: remembers what an unpacker said, and holds it to
// its contract.
class RecordingSink final : public MemberSink {
 public:
  struct Seen {
    Member member;
    std::string bytes;
    bool whole = false;
  };

  explicit RecordingSink(uint64_t allowance = uint64_t{64} << 20)
      : allowance_(allowance) {}

  uint64_t Allowance(const Member& member) override {
    asked.push_back(member);
    return allowance_;
  }
  Continue OnMember(const Member& member, Bytes bytes, bool whole) override {
    if (stopped_ || bytes.size() > allowance_) broke_contract = true;
    seen.push_back({member, std::string(AsText(bytes)), whole});
    stopped_ = seen.size() >= stop_after;
    return stopped_ ? Continue::kStop : Continue::kYes;
  }
  void OnSkipped(std::string_view member, std::string_view reason) override {
    skipped.push_back(std::string(member) + ":" + std::string(reason));
  }
  void OnHeuristic(std::string_view alert) override {
    heuristics.emplace_back(alert);
  }

  // The bytes of the first member of this name, or "(none)".
  std::string Find(std::string_view name) const {
    const auto found =
        std::find_if(seen.begin(), seen.end(),
                     [&](const Seen& s) { return s.member.name == name; });
    return found == seen.end() ? "(none)" : found->bytes;
  }

  size_t stop_after = SIZE_MAX;
  std::vector<Member> asked;
  std::vector<Seen> seen;
  std::vector<std::string> skipped;  // "name:reason"
  std::vector<std::string> heuristics;
  bool broke_contract = false;

 private:
  uint64_t allowance_;
  bool stopped_ = false;
};

}  // namespace vitrine
