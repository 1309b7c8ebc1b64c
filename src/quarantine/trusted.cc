// SPDX-License-Identifier: Apache-2.0
#include "quarantine/trusted.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "quarantine/limits.h"
#include "quarantine/place.h"

namespace vitrine::quarantine {
namespace {

constexpr std::string_view kKind = "sha256";

// "sha256 DIGEST SIZE SINCE MASK"
Result<TrustedContent> ParseLine(std::string_view line) {
  const Error malformed = {Code::kInvalid, "not an entry"};
  std::vector<std::string_view> words;
  for (int i = 0; i < 4; ++i) {
    const size_t blank = line.find(' ');
    if (blank == line.npos) return malformed;
    words.push_back(line.substr(0, blank));
    line.remove_prefix(blank + 1);
  }
  const auto digest = FromHex(words[1]);
  const auto size = ParseDecimal(words[2]);
  const auto since = ParseDecimal(words[3]);
  if (words[0] != kKind || !digest || !size || !since ||
      digest->size() != crypto::Sha256Digest().size()) {
    return malformed;
  }
  TrustedContent entry{
      {}, *size, static_cast<int64_t>(*since), TRY(config::Mask::Parse(line))};
  std::copy(digest->begin(), digest->end(), entry.sha256.begin());
  return entry;
}

Result<std::string> ReadAll(int file, const std::string& path) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t got = read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno(path);
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kTrustedBytesMax) {
      return Error{Code::kLimit, path + ": too long"};
    }
  }
}

}  // namespace

Result<Trusted> Trusted::Load(const std::string& path) {
  const UniqueFd file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && errno == ENOENT) return Trusted();
  if (!file) return FromErrno(path);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return FromErrno(path);
  if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      (status.st_mode & 022) != 0) {
    return Error{Code::kDenied, path + ": others may write it"};
  }
  const std::string text = TRY(ReadAll(file.get(), path));
  auto list = Parse(text);
  if (!list.ok()) return WithContext(list.error(), path);
  return list;
}

Result<Trusted> Trusted::Parse(std::string_view text) {
  Trusted trusted;
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    // A last line without its end was being written when the power went.
    if (end == text.npos) break;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (trusted.entries_.size() == kTrustedMax) {
      return Error{Code::kLimit,
                   "more than " + std::to_string(kTrustedMax) + " entries"};
    }
    auto entry = ParseLine(line);
    if (!entry.ok()) {
      return WithContext(entry.error(), "line " + std::to_string(number));
    }
    trusted.entries_.push_back(std::move(entry).value());
  }
  return trusted;
}

bool Trusted::HasSize(uint64_t size) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [size](const auto& entry) { return entry.size == size; });
}

bool Trusted::Covers(const crypto::Sha256Digest& sha256, uint64_t size,
                     const std::vector<std::string>& rules) const {
  const auto covers = [&](const std::string& rule) {
    return std::any_of(entries_.begin(), entries_.end(), [&](const auto& e) {
      return e.size == size && e.sha256 == sha256 && e.rules.Matches(rule);
    });
  };
  return !rules.empty() && std::all_of(rules.begin(), rules.end(), covers);
}

Status AddTrusted(const std::string& path, const TrustedContent& entry) {
  if (entry.rules.text().find('\n') != std::string::npos) {
    return Error{Code::kInvalid, "a rule's name has no line breaks"};
  }
  const UniqueFd file(
      open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
           0600));
  if (!file) return FromErrno(path);
  const std::string line = std::string(kKind) + " " + ToHex(entry.sha256) +
                           " " + std::to_string(entry.size) + " " +
                           std::to_string(entry.since_ns) + " " +
                           entry.rules.text() + "\n";
  TRY(WriteContent(file.get(), AsBytes(line)));
  if (fsync(file.get()) != 0) return FromErrno(path);
  return Ok();
}

}  // namespace vitrine::quarantine
