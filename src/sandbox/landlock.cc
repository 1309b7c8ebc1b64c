// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>

#include "base/system_error.h"
#include "base/unique_fd.h"
#include "sandbox/layers.h"
#include "sandbox/limits.h"

// Newer than Debian 12's headers.
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_NET_CONNECT_TCP
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#endif

namespace vitrine::sandbox {
namespace {

// As kernels of today know it; Debian 12's header ends with the first field.
struct RulesetAttributes {
  uint64_t file_system;
  uint64_t network;
  uint64_t scopes;
};

// How many rights each version of the interface has, and how much of the
// structure it reads. A later one has at least as many.
struct Version {
  int file_system;
  int network;
  int scopes;
  size_t size;
};
constexpr Version kVersions[] = {
    {13, 0, 0, 8},   // 1, Linux 5.13
    {14, 0, 0, 8},   // 2, 5.19: link and rename across folders
    {15, 0, 0, 8},   // 3, 6.2: truncate
    {15, 2, 0, 16},  // 4, 6.7: TCP
    {16, 2, 0, 16},  // 5, 6.10: ioctl on devices
    {16, 2, 2, 24},  // 6, 6.12: abstract sockets, signals
};

constexpr uint32_t kAskVersion = 1;

// Of places. Executing is in none of them.
constexpr uint64_t kRead =
    LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWrite =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
    LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_REFER;
// What a rule for a single file may name.
constexpr uint64_t kOfFiles = LANDLOCK_ACCESS_FS_READ_FILE |
                              LANDLOCK_ACCESS_FS_WRITE_FILE |
                              LANDLOCK_ACCESS_FS_TRUNCATE;

constexpr uint64_t LowBits(int count) {
  return count >= 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
}

UniqueFd CreateRuleset(const RulesetAttributes& attributes, size_t size) {
  return UniqueFd(static_cast<int>(
      syscall(SYS_landlock_create_ruleset, &attributes, size, 0)));
}

// The kernel refuses bits that it does not know. We allow nothing, so there is
// no need to know what a new bit is in order to handle it.
void AddUnknownBits(RulesetAttributes& attributes, uint64_t& mask, int known,
                    size_t size) {
  for (int bits = known + 1; bits <= kLandlockBitsMax; ++bits) {
    const uint64_t tried = LowBits(bits);
    const uint64_t good = mask;
    mask = tried;
    if (!CreateRuleset(attributes, size)) {
      mask = good;
      return;
    }
  }
}

const Version& VersionOf(long abi) {
  const auto index = std::min(static_cast<size_t>(abi), std::size(kVersions));
  return kVersions[index - 1];
}

Status Absent(CageReport& report) {
  report.Set(Layer::kLandlock, State::kAbsent,
             ErrorText("landlock_create_ruleset", errno));
  return Ok();
}

Status Restrict(UniqueFd ruleset, long abi, CageReport& report) {
  if (!ruleset) return SystemError("landlock_create_ruleset", errno);
  if (syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) {
    return SystemError("landlock_restrict_self", errno);
  }
  report.Set(Layer::kLandlock, State::kFull, "ABI " + std::to_string(abi));
  return Ok();
}

}  // namespace

Status RestrictByLandlock(CageReport& report) {
  const long abi =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (abi < 1) return Absent(report);
  const Version& version = VersionOf(abi);
  RulesetAttributes attributes = {LowBits(version.file_system),
                                  LowBits(version.network),
                                  LowBits(version.scopes)};
  if (static_cast<size_t>(abi) > std::size(kVersions)) {
    AddUnknownBits(attributes, attributes.file_system, version.file_system,
                   version.size);
    AddUnknownBits(attributes, attributes.network, version.network,
                   version.size);
    AddUnknownBits(attributes, attributes.scopes, version.scopes, version.size);
  }
  return Restrict(CreateRuleset(attributes, version.size), abi, report);
}

Status RestrictToPlaces(std::span<const Place> places, Tcp tcp,
                        CageReport& report) {
  const long abi =
      syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (abi < 1) return Absent(report);
  const Version& version = VersionOf(abi);
  const uint64_t known = LowBits(version.file_system);
  // Signals are the filter's: a service may have children to end.
  const uint64_t connecting =
      tcp == Tcp::kConnect ? LANDLOCK_ACCESS_NET_CONNECT_TCP : 0;
  const RulesetAttributes attributes = {
      known, LowBits(version.network) & ~connecting,
      version.scopes > 0 ? LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET : 0};
  UniqueFd ruleset = CreateRuleset(attributes, version.size);
  if (!ruleset) return SystemError("landlock_create_ruleset", errno);
  for (const Place& place : places) {
    const UniqueFd object(open(place.path.c_str(), O_PATH | O_CLOEXEC));
    struct stat facts;
    if (!object || fstat(object.get(), &facts) != 0) {
      return SystemError(place.path, errno);
    }
    uint64_t rights = place.use == Place::Use::kWrite ? kRead | kWrite : kRead;
    if (!S_ISDIR(facts.st_mode)) rights &= kOfFiles;
    const landlock_path_beneath_attr beneath = {rights & known, object.get()};
    if (syscall(SYS_landlock_add_rule, ruleset.get(),
                LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0) {
      return SystemError("landlock_add_rule", errno);
    }
  }
  return Restrict(std::move(ruleset), abi, report);
}

}  // namespace vitrine::sandbox
