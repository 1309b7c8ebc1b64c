// SPDX-License-Identifier: Apache-2.0
#include "doorman/rights.h"

#include <errno.h>
#include <sys/xattr.h>

#include <algorithm>
#include <optional>
#include <string>

#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

// linux/posix_acl_xattr.h and linux/posix_acl.h: a version, then entries.
constexpr uint32_t kVersion = 2;
enum Tag : uint16_t {
  kUserObject = 0x01,
  kUser = 0x02,
  kGroupObject = 0x04,
  kGroup = 0x08,
  kMask = 0x10,
  kOther = 0x20,
};

struct Entry {
  uint16_t tag;
  uint16_t bits;
  uint32_t id;
};

bool InGroup(const Peer& peer, gid_t group) {
  return std::find(peer.groups.begin(), peer.groups.end(), group) !=
         peer.groups.end();
}

std::optional<std::vector<Entry>> ReadEntries(Bytes list) {
  const auto integer = [&](size_t at, size_t size) {
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) value |= uint32_t{list[at + i]} << 8 * i;
    return value;
  };
  if (list.size() < 4 || list.size() % 8 != 4 || integer(0, 4) != kVersion) {
    return std::nullopt;
  }
  std::vector<Entry> entries;
  for (size_t at = 4; at < list.size(); at += 8) {
    entries.push_back({static_cast<uint16_t>(integer(at, 2)),
                       static_cast<uint16_t>(integer(at + 2, 2)),
                       integer(at + 4, 4)});
  }
  return entries;
}

// acl(5), "access check algorithm", for others than the owner.
bool ListAllows(const struct stat& status, const std::vector<Entry>& entries,
                const Peer& peer, unsigned bit) {
  unsigned mask = 7;
  for (const Entry& entry : entries) {
    if (entry.tag == kMask) mask = entry.bits;
  }
  bool member = false;
  bool granted = false;
  unsigned other = 0;
  for (const Entry& entry : entries) {
    if (entry.tag == kUser && entry.id == peer.uid) {
      return (entry.bits & mask & bit) != 0;
    }
    if ((entry.tag == kGroupObject && InGroup(peer, status.st_gid)) ||
        (entry.tag == kGroup && InGroup(peer, entry.id))) {
      member = true;
      granted = granted || (entry.bits & mask & bit) != 0;
    }
    if (entry.tag == kOther) other = entry.bits;
  }
  return member ? granted : (other & bit) != 0;
}

}  // namespace

bool Allows(const struct stat& status, Bytes access_list, const Peer& peer,
            Right right) {
  if (peer.uid == 0) return true;
  const auto bit = static_cast<unsigned>(right);
  if (peer.uid == status.st_uid) return (status.st_mode >> 6 & bit) != 0;
  if (!access_list.empty()) {
    const auto entries = ReadEntries(access_list);
    return entries && ListAllows(status, *entries, peer, bit);
  }
  if (InGroup(peer, status.st_gid)) return (status.st_mode >> 3 & bit) != 0;
  return (status.st_mode & bit) != 0;
}

bool Allows(int object, const struct stat& status, const Peer& peer,
            Right right) {
  // An O_PATH descriptor has no attributes of its own; its name here has.
  const std::string name = "/proc/self/fd/" + std::to_string(object);
  ByteVector list(1024);
  ssize_t size;
  for (;;) {
    size = getxattr(name.c_str(), "system.posix_acl_access", list.data(),
                    list.size());
    if (size >= 0 || errno != ERANGE || list.size() >= kAccessListBytes) break;
    list.resize(kAccessListBytes);
  }
  if (size < 0) {
    if (errno != ENODATA && errno != EOPNOTSUPP) return peer.uid == 0;
    size = 0;
  }
  list.resize(static_cast<size_t>(size));
  return Allows(status, list, peer, right);
}

}  // namespace vitrine::doorman
