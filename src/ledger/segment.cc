// SPDX-License-Identifier: Apache-2.0
#include "ledger/segment.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/system_error.h"
#include "base/unique_fd.h"
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
  const UniqueFd file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return SystemError(path, errno);
  std::string text;
  for (;;) {
    const size_t had = text.size();
    text.resize(had + (size_t{1} << 20));
    const ssize_t got = read(file.get(), text.data() + had, text.size() - had);
    if (got < 0) return SystemError(path, errno);
    text.resize(had + static_cast<size_t>(got));
    if (got == 0) return text;
    if (text.size() > kSegmentReadMax) {
      return Error{Code::kInvalid, path + ": longer than a segment can be"};
    }
  }
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
