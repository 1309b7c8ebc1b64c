// SPDX-License-Identifier: Apache-2.0
#include "http/served_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file_status.h"
#include "base/text.h"

namespace vitrine::http {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string Hex(uint64_t value) {
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) {
    text += kHexDigits[(value >> shift) & 15];
  }
  return text;
}

// Size and times, and the inode: a file is replaced by renaming another.
std::string TagOf(const struct stat& facts) {
  return "\"" + Hex(static_cast<uint64_t>(facts.st_ino)) +
         Hex(static_cast<uint64_t>(facts.st_size)) +
         Hex(static_cast<uint64_t>(facts.st_mtim.tv_sec) * 1'000'000'000 +
             static_cast<uint64_t>(facts.st_mtim.tv_nsec)) +
         "\"";
}

}  // namespace

std::optional<std::string> DecodePath(std::string_view path) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      out += path[i];
      continue;
    }
    if (path.size() - i < 3) return std::nullopt;
    const int high = HexDigit(static_cast<uint8_t>(path[i + 1]));
    const int low = HexDigit(static_cast<uint8_t>(path[i + 2]));
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

Result<ServedFile> OpenServed(int folder, std::string_view path) {
  const Error missing = {Code::kNotFound, "not found"};
  auto name = DecodePath(path);
  if (!name) return missing;
  name->erase(0, name->find_first_not_of('/'));
  if (name->empty()) return missing;
  // The kernel holds to the folder, whatever the name says. O_NONBLOCK: a pipe
  // must not hold the loop.
  open_how how = {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  ServedFile served;
  served.file = UniqueFd(static_cast<int>(
      syscall(SYS_openat2, folder, name->c_str(), &how, sizeof how)));
  struct stat facts;
  if (!served.file || FileStatus(served.file.get(), facts) != 0 ||
      !S_ISREG(facts.st_mode)) {
    return missing;
  }
  served.size = static_cast<uint64_t>(facts.st_size);
  served.tag = TagOf(facts);
  return served;
}

const char* ContentTypeOf(std::string_view path) {
  if (path.ends_with(".json")) return "application/json";
  if (path.ends_with("/checkpoint") || path == "checkpoint" ||
      path.ends_with(".txt")) {
    return "text/plain; charset=utf-8";
  }
  return "application/octet-stream";
}

Range ReadRange(std::string_view field, uint64_t size) {
  if (!field.starts_with("bytes=") || field.find(',') != field.npos) return {};
  field.remove_prefix(6);
  const size_t dash = field.find('-');
  if (dash == field.npos) return {};
  const auto first = ParseDecimal(field.substr(0, dash));
  const auto last = ParseDecimal(field.substr(dash + 1));
  const bool open = dash + 1 == field.size();
  Range range{Range::Kind::kPart, 0, 0};
  if (dash == 0) {  // The last so many.
    if (!last) return {};
    range.count = std::min(*last, size);
    range.first = size - range.count;
  } else {
    if (!first || (!open && (!last || *last < *first))) return {};
    if (*first >= size) return {Range::Kind::kUnsatisfiable, 0, 0};
    range.first = *first;
    const uint64_t rest = size - *first;
    range.count = open ? rest : std::min(rest - 1, *last - *first) + 1;
  }
  if (range.count == 0) return {Range::Kind::kUnsatisfiable, 0, 0};
  return range;
}

bool NamesTag(std::string_view field, std::string_view tag) {
  if (Trim(field) == "*") return true;
  for (std::string_view one : Split(field, ',')) {
    one = Trim(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

}  // namespace vitrine::http
