// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vitrine::sandbox {

// What a cage is made of. The first ones are the executor's to build, from
// kRoot on they are built by the sandboxee itself in Confine().
enum class Layer : uint8_t {
  kUserNamespace,
  kPidNamespace,
  kNetworkNamespace,
  kMountNamespace,
  kIpcNamespace,
  kUtsNamespace,
  kCgroupNamespace,
  kIdentity,      // A user id of its own.
  kEnvironment,   // No variables, no session, no working folder.
  kCgroup,        // Memory and CPU bounded from outside. Never required.
  kRoot,          // The root folder is empty and cannot be written.
  kDescriptors,   // None but those named.
  kLimits,        // Resource limits.
  kCapabilities,  // None, and no way to get one.
  kNoNewPrivileges,
  kUndumpable,  // No core dump, no tracer of the same user.
  kLandlock,
  kSystemCalls,  // The seccomp filter.
};
inline constexpr size_t kLayerCount = 18;

// "user_namespace", ... as in the text form and in `vitrine status`.
const char* LayerName(Layer layer);

enum class State : uint8_t {
  kAbsent,
  kPartial,
  kFull,  // All that this kernel has of it.
};
const char* StateName(State state);

// One row a layer: how much of it stands, and why not all. A value; rows that
// nobody has set are absent.
class CageReport {
 public:
  struct Row {
    State state = State::kAbsent;
    // One line of printable ASCII; of a full row, a remark or nothing.
    std::string reason = "not reported";
  };

  void Set(Layer layer, State state, std::string_view reason = {});
  const Row& row(Layer layer) const;

  // Whether all layers are full that whoever launched it can give: without
  // kCgroup, where the resource limits hold alone, and with a partial kIdentity,
  // which is an ordinary user's.
  bool full() const;

  // The rows that Confine() builds, from what the sandboxee said of itself.
  // Rows of the executor stay: a sandboxee cannot better them.
  void AdoptConfined(const CageReport& sandboxee);

  // A line a layer: "landlock full ABI 7\n". Parse takes back what Format
  // makes and refuses all else with kInvalid: unknown or repeated layers,
  // unprintable bytes, more than kReportBytesMax.
  std::string Format() const;
  static Result<CageReport> Parse(std::string_view text);

 private:
  std::array<Row, kLayerCount> rows_;
};

}  // namespace vitrine::sandbox
