// SPDX-License-Identifier: Apache-2.0
#include "publisher/witness/watched_logs.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "publisher/witness/limits.h"
#include "tlog/limits.h"

namespace vitrine::publisher {
namespace {

Status TakeLine(std::string_view line, std::vector<tlog::WatchedLog>& logs) {
  const size_t blank = line.find(' ');
  auto key = TRY(tlog::VerifierKey::Parse(line.substr(0, blank)));
  if (key.kind() != tlog::KeyKind::kLog) {
    return Error{Code::kInvalid, "not the key of a log"};
  }
  const std::string origin(blank == line.npos ? std::string_view(key.name())
                                              : Trim(line.substr(blank)));
  if (origin.empty() || origin.size() > tlog::kOriginMax) {
    return Error{Code::kInvalid, "not an origin"};
  }
  auto log = std::find_if(logs.begin(), logs.end(), [&](const auto& each) {
    return each.origin == origin;
  });
  if (log == logs.end()) {
    if (logs.size() >= kWatchedLogsMax) {
      return Error{Code::kLimit, "too many logs"};
    }
    logs.push_back({});
    log = logs.end() - 1;
    log->origin = origin;
  }
  if (log->keys.size() >= kLogKeysMax) {
    return Error{Code::kLimit, "too many keys of one log"};
  }
  log->keys.push_back(std::move(key));
  return Ok();
}

}  // namespace

Result<std::vector<tlog::WatchedLog>> ParseWatchedLogs(std::string_view text) {
  if (text.size() > kLogsFileMax) return Error{Code::kLimit, "too long a file"};
  std::vector<tlog::WatchedLog> logs;
  size_t number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = Trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    const Status taken = TakeLine(line, logs);
    if (!taken.ok()) {
      return WithContext(taken.error(), "line " + std::to_string(number));
    }
  }
  return logs;
}

}  // namespace vitrine::publisher
