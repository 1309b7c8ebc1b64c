// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/directory.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "base/byte_reader.h"
#include "formats/zip/limits.h"

namespace vitrine::zip {
namespace {

constexpr uint32_t kEndSignature = 0x06054b50;
constexpr uint32_t kLocator64Signature = 0x07064b50;
constexpr uint32_t kEnd64Signature = 0x06064b50;
constexpr uint64_t kEndSize = 22;
constexpr uint64_t kLocator64Size = 20;

struct Start {
  uint64_t directory;  // Offset of the first entry.
  uint64_t shift;      // To be added to every offset in it.
};

std::optional<Start> Locate(const ByteReader& reader, uint64_t end,
                            uint64_t size, uint64_t offset) {
  // Right before its end record, whatever was put before the archive; else
  // where it says.
  if (size <= end && end - size >= offset &&
      reader.U32(end - size) == kCentralSignature) {
    return Start{end - size, end - size - offset};
  }
  if (reader.U32(offset) == kCentralSignature) return Start{offset, 0};
  return std::nullopt;
}

// What the end record at `end` points at.
std::optional<Start> FollowEnd(const ByteReader& reader, uint64_t end) {
  if (!reader.Contains(end, kEndSize)) return std::nullopt;
  const uint32_t size = *reader.U32(end + 12);
  const uint32_t offset = *reader.U32(end + 16);
  if (end >= kLocator64Size &&
      reader.U32(end - kLocator64Size) == kLocator64Signature) {
    // The ZIP64 record is where the locator says or, in an archive with
    // something before it, right before the locator.
    const uint64_t said = reader.U64(end - kLocator64Size + 8).value_or(0);
    const uint64_t near = end - kLocator64Size - 56;
    for (const uint64_t at : {said, near}) {
      if (reader.U32(at) != kEnd64Signature) continue;
      const auto size64 = reader.U64(at + 40);
      const auto offset64 = reader.U64(at + 48);
      if (!size64 || !offset64) continue;
      if (const auto start = Locate(reader, at, *size64, *offset64)) {
        return start;
      }
    }
  }
  return Locate(reader, end, size, offset);
}

std::optional<Start> FindStart(Bytes archive) {
  const ByteReader reader(archive);
  uint64_t to = archive.size();
  const uint64_t from = to > kEndSearch ? to - kEndSearch : 0;
  for (int tries = 0; tries < kEndRecordsMax; ++tries) {
    // Backwards: the last record is the one that everybody uses.
    uint64_t at = to;
    bool found = false;
    while (at > from && !found) {
      --at;
      found = archive[at] == 'P' && reader.U32(at) == kEndSignature;
    }
    if (!found) return std::nullopt;
    if (const auto start = FollowEnd(reader, at)) return start;
    to = at;
  }
  return std::nullopt;
}

// What is known of where a member ends; the local header is asked first, as
// it is by ClamAV's overlap rule.
uint64_t EndOf(const Entry& entry) {
  uint64_t size = 0;
  if (entry.local) size = entry.local->packed_size;
  if (size == 0 && entry.central) size = entry.central->packed_size;
  const uint64_t start = entry.local ? entry.local->data : entry.local_offset;
  return size > UINT64_MAX - start ? UINT64_MAX : start + size;
}

void ReadCentral(Bytes archive, Start start, Directory& directory) {
  std::set<std::tuple<uint64_t, uint16_t, uint64_t>> seen;
  uint64_t at = start.directory;
  while (const auto header = ParseCentral(archive, at)) {
    if (directory.entries.size() >= kEntriesMax) {
      directory.too_many = true;
      return;
    }
    at = header->next;
    Entry entry;
    entry.local_offset = header->local <= UINT64_MAX - start.shift
                             ? header->local + start.shift
                             : header->local;
    entry.local = ParseLocal(archive, entry.local_offset);
    if (!entry.local && start.shift != 0) {
      entry.local = ParseLocal(archive, header->local);
      if (entry.local) entry.local_offset = header->local;
    }
    directory.damaged |= !entry.local;
    // Listed twice is still one member.
    if (!seen.insert({entry.local_offset, header->method, header->packed_size})
             .second) {
      continue;
    }
    entry.central = *header;
    directory.entries.push_back(entry);
  }
}

// Whether a signature in the wild starts a member, and not just bytes that look
// like one: where there is a directory, that is the likelier.
bool Plausible(Bytes archive, const Header& header, bool in_doubt) {
  if (in_doubt && (header.name.empty() ||
                   header.packed_size > archive.size() - header.data)) {
    return false;
  }
  return header.version < 256 && (header.method < 21 || header.method > 92) &&
         header.method < 100 && header.name.size() <= kNameMax;
}

// Members in [from, to), which the directory does not speak of.
void ReadStrays(Bytes archive, uint64_t from, uint64_t to,
                Directory& directory) {
  while (const auto at = FindSignature(archive, from, to, kLocalSignature)) {
    const auto header = ParseLocal(archive, *at);
    if (!header || !Plausible(archive, *header, directory.found)) {
      from = *at + 4;
      continue;
    }
    if (directory.entries.size() >= kEntriesMax) {
      directory.too_many = true;
      return;
    }
    Entry entry;
    entry.local_offset = *at;
    entry.local = header;
    const uint64_t end = EndOf(entry);
    directory.entries.push_back(entry);
    // One that claims to reach beyond the gap may be lying to hide others.
    from = end <= to ? std::max(end, *at + 4) : *at + 4;
  }
}

struct Extent {
  uint64_t start;
  uint64_t end;
};

std::vector<Extent> Extents(const Directory& directory) {
  std::vector<Extent> extents;
  for (const Entry& entry : directory.entries) {
    if (entry.local) extents.push_back({entry.local_offset, EndOf(entry)});
  }
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.start < b.start; });
  return extents;
}

}  // namespace

std::optional<uint64_t> FindDirectory(Bytes archive) {
  const auto start = FindStart(archive);
  if (!start) return std::nullopt;
  return start->directory;
}

Directory ReadDirectory(Bytes archive, bool strays) {
  Directory directory;
  const auto start = FindStart(archive);
  directory.found = start.has_value();
  if (start) ReadCentral(archive, *start, directory);
  const std::vector<Extent> extents = Extents(directory);
  for (size_t i = 1; i < extents.size(); ++i) {
    if (extents[i].start < extents[i - 1].end) ++directory.overlaps;
  }
  if (strays) {
    uint64_t at = 0;
    for (const Extent& extent : extents) {
      if (extent.start > at) ReadStrays(archive, at, extent.start, directory);
      at = std::max(at, extent.end);
    }
    ReadStrays(archive, std::min<uint64_t>(at, archive.size()), archive.size(),
               directory);
  }
  return directory;
}

}  // namespace vitrine::zip
