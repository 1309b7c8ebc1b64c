// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "sandbox/cage_report.h"
#include "sandbox/filter.h"
#include "sandbox/layers.h"

namespace vitrine::sandbox {

// The cage of a program of ours that stays, has files of its own and was not
// started by Launch(). Wider than a scanner's: what it parses is smaller.
struct ServicePolicy {
  FilterTable calls;
  // All files that it can reach from then on; none of them to execute.
  std::vector<Place> places;
  // Capabilities (CAP_…) that stay, of those it has.
  std::vector<int> keep;
  // Whether it also leaves the network, System V's objects and the host's name
  // for empty namespaces. Sockets that it has keep working.
  enum class Namespaces : uint8_t { kStay, kLeave } namespaces;
  // Whether Landlock lets it connect by TCP; it never lets it bind.
  Tcp tcp = Tcp::kNone;
};

// Shuts the cage behind the calling process; once, before its first thread and
// the first byte of others. The rows of what it has of a cage, for
// AbsentRows(); rows that a service does not have are absent as "not a
// service's". On an error the process is half confined and must exit.
Result<CageReport> ConfineService(const ServicePolicy& policy);

// What this machine refused: "landlock (…), network_namespace (…)", or empty.
std::string MissingOf(const CageReport& service);

}  // namespace vitrine::sandbox
