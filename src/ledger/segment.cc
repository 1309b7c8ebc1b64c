// SPDX-License-Identifier: Apache-2.0
#include "ledger/segment.h"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/read_file.h"
#include "base/system_error.h"
#include "ledger/limits.h"

namespace vitrine::ledger {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

Result<std::vector<uint64_t>> ListSegments(const std::string& folder) {
  const std::unique_ptr<DIR, CloseFolder> listing(opendir(folder.c_str()));
  if (listing == nullptr) return SystemError(folder, errno);
  std::vector<uint64_t> indexes;
  size_t seen = 0;
  while (const dirent* entry = readdir(listing.get())) {
    if (++seen > kNamesMax) {
      return Error{Code::kLimit, folder + ": too many files in it"};
    }
    const uint64_t index = SegmentIndex(entry->d_name);
    if (index > 0) indexes.push_back(index);
  }
  std::sort(indexes.begin(), indexes.end());
  return indexes;
}

Result<std::string> ReadSegment(const std::string& folder,
                                const std::string& name) {
  const std::string path = folder + "/" + name;
  auto text = ReadTextFile(path, kSegmentReadMax, Links::kRefused);
  if (!text.ok() && text.error().code == Code::kLimit) {
    return Error{Code::kInvalid, path + ": longer than a segment can be"};
  }
  return text;
}

Sound Examine(std::string_view text) {
  Sound sound;
  size_t end = text.find('\n');
  const auto head = ParseHead(text.substr(0, std::min(end, text.size())));
  if (!head.ok() || end == text.npos) {
    sound.complete_lines = end != text.npos;
    return sound;
  }
  sound.head = head.value();
  sound.head_good = true;
  sound.next = sound.head.first;
  sound.chain = sound.head.before;
  sound.bytes = end + 1;
  while ((end = text.find('\n', sound.bytes)) != text.npos) {
    const auto parsed =
        ParseRecord(text.substr(sound.bytes, end - sound.bytes), sound.chain);
    if (!parsed.ok() || !parsed.value().unbroken ||
        parsed.value().record.number != sound.next) {
      sound.complete_lines = true;
      break;
    }
    sound.chain = parsed.value().chain;
    sound.bytes = end + 1;
    ++sound.next;
  }
  return sound;
}

}  // namespace vitrine::ledger
