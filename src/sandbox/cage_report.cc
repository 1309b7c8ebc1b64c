// SPDX-License-Identifier: Apache-2.0
#include "sandbox/cage_report.h"

#include <bitset>
#include <optional>
#include <vector>

#include "base/text.h"
#include "sandbox/limits.h"

namespace vitrine::sandbox {
namespace {

constexpr std::array<const char*, kLayerCount> kLayerNames = {
    "user_namespace",   "pid_namespace", "network_namespace",
    "mount_namespace",  "ipc_namespace", "uts_namespace",
    "cgroup_namespace", "identity",      "environment",
    "cgroup",           "root",          "descriptors",
    "limits",           "capabilities",  "no_new_privileges",
    "undumpable",       "landlock",      "system_calls",
};

constexpr std::array<State, 3> kStates = {State::kAbsent, State::kPartial,
                                          State::kFull};

constexpr bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

std::optional<size_t> LayerNamed(std::string_view name) {
  for (size_t i = 0; i < kLayerCount; ++i) {
    if (name == kLayerNames[i]) return i;
  }
  return std::nullopt;
}

std::optional<State> StateNamed(std::string_view name) {
  for (const State state : kStates) {
    if (name == StateName(state)) return state;
  }
  return std::nullopt;
}

}  // namespace

const char* LayerName(Layer layer) {
  return kLayerNames[static_cast<size_t>(layer)];
}

const char* StateName(State state) {
  switch (state) {
    case State::kAbsent:
      return "absent";
    case State::kPartial:
      return "partial";
    case State::kFull:
      return "full";
  }
  return "absent";
}

void CageReport::Set(Layer layer, State state, std::string_view reason) {
  Row& row = rows_[static_cast<size_t>(layer)];
  row.state = state;
  row.reason = reason.substr(0, kReasonMax);
  for (char& c : row.reason) {
    if (!IsPrintable(c)) c = '?';
  }
}

const CageReport::Row& CageReport::row(Layer layer) const {
  return rows_[static_cast<size_t>(layer)];
}

bool CageReport::full() const {
  for (size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    const State least = layer == Layer::kCgroup     ? State::kAbsent
                        : layer == Layer::kIdentity ? State::kPartial
                                                    : State::kFull;
    if (rows_[i].state < least) return false;
  }
  return true;
}

void CageReport::AdoptConfined(const CageReport& sandboxee) {
  for (size_t i = static_cast<size_t>(Layer::kRoot); i < kLayerCount; ++i) {
    rows_[i] = sandboxee.rows_[i];
  }
}

std::string CageReport::Format() const {
  std::string text;
  for (size_t i = 0; i < kLayerCount; ++i) {
    text += kLayerNames[i];
    text += ' ';
    text += StateName(rows_[i].state);
    if (!rows_[i].reason.empty()) text += ' ' + rows_[i].reason;
    text += '\n';
  }
  return text;
}

Result<CageReport> CageReport::Parse(std::string_view text) {
  const Error bad = {Code::kInvalid, "not a cage report"};
  if (text.size() > kReportBytesMax || !text.ends_with('\n')) return bad;
  text.remove_suffix(1);
  CageReport report;
  std::bitset<kLayerCount> seen;
  for (const std::string_view line : Split(text, '\n')) {
    const size_t first = line.find(' ');
    if (first == line.npos) return bad;
    const size_t second = line.find(' ', first + 1);
    const auto layer = LayerNamed(line.substr(0, first));
    const auto state = StateNamed(line.substr(
        first + 1, second == line.npos ? second : second - first - 1));
    if (!layer || !state || seen.test(*layer)) return bad;
    seen.set(*layer);
    const std::string_view reason =
        second == line.npos ? std::string_view() : line.substr(second + 1);
    for (const char c : reason) {
      if (!IsPrintable(c)) return bad;
    }
    if (reason.size() > kReasonMax) return bad;
    report.Set(static_cast<Layer>(*layer), *state, reason);
  }
  return report;
}

}  // namespace vitrine::sandbox
