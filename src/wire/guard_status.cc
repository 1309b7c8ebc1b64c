// SPDX-License-Identifier: Apache-2.0
#include "wire/guard_status.h"

#include <optional>

#include "base/quoted_word.h"
#include "base/text.h"

namespace vitrine::wire {
namespace {

constexpr std::string_view kTitle = "vitrine-guard 1";
constexpr std::string_view kEnd = "end";

class Parser {
 public:
  Status Line(std::string_view line) {
    words_.clear();
    for (const std::string_view word : Split(line, ' ')) {
      auto plain = UnquoteWord(word);
      if (!plain) return Bad(line);
      words_.push_back(*std::move(plain));
    }
    return Take() ? Ok() : Bad(line);
  }

  GuardStatus status;

 private:
  static Error Bad(std::string_view line) {
    return {Code::kInvalid,
            "not a line of a status: " + std::string(line.substr(0, 80))};
  }

  bool Number(size_t at, uint64_t& value) const {
    const auto number = ParseDecimal(words_[at]);
    if (number) value = *number;
    return number.has_value();
  }

  bool Take() {
    const std::string& what = words_[0];
    const size_t count = words_.size();
    if (what == "mode" && count == 2) {
      status.mode = words_[1];
      return true;
    }
    if (what == "database" && count == 3) {
      uint64_t time = 0;
      const bool good = Number(1, status.database) && Number(2, time);
      status.database_time = static_cast<int64_t>(time);
      return good;
    }
    if (what == "overflow" && count == 2) {
      uint64_t time = 0;
      const bool good = Number(1, time);
      status.last_overflow_ns = static_cast<int64_t>(time);
      return good;
    }
    return TakeRow(what, count);
  }

  bool TakeRow(const std::string& what, size_t count) {
    if (what == "degraded" && count == 2) {
      status.degraded.push_back(words_[1]);
      return status.degraded.size() <= kStatusRowsMax;
    }
    if (what == "count" && count == 3) {
      status.counters.push_back({words_[1], 0});
      return Number(2, status.counters.back().value) &&
             status.counters.size() <= kStatusRowsMax;
    }
    if (what == "cage" && count == 4) {
      status.cage.push_back({words_[1], words_[2], words_[3]});
      return status.cage.size() <= kStatusRowsMax;
    }
    if (what != "mount" || count != 8) return false;
    GuardStatus::MountRow row;
    row.state = words_[1];
    row.type = words_[3];
    row.device = words_[4];
    row.point = words_[5];
    row.why_not = words_[6];
    row.proof = words_[7];
    if (!Number(2, row.space)) return false;
    status.mounts.push_back(std::move(row));
    return status.mounts.size() <= kStatusRowsMax;
  }

  std::vector<std::string> words_;
};

void AddLine(std::string& text, std::initializer_list<std::string> words) {
  bool first = true;
  for (const std::string& word : words) {
    if (!std::exchange(first, false)) text += ' ';
    text += QuoteWord(word);
  }
  text += '\n';
}

}  // namespace

std::string Format(const GuardStatus& status) {
  std::string text = std::string(kTitle) + "\n";
  AddLine(text, {"mode", status.mode});
  AddLine(text, {"database", std::to_string(status.database),
                 std::to_string(status.database_time)});
  AddLine(text, {"overflow", std::to_string(status.last_overflow_ns)});
  for (const std::string& why : status.degraded) {
    AddLine(text, {"degraded", why});
  }
  for (const auto& counter : status.counters) {
    AddLine(text, {"count", counter.name, std::to_string(counter.value)});
  }
  for (const auto& row : status.cage) {
    AddLine(text, {"cage", row.mechanism, row.state, row.detail});
  }
  for (const auto& row : status.mounts) {
    AddLine(text, {"mount", row.state, std::to_string(row.space), row.type,
                   row.device, row.point, row.why_not, row.proof});
  }
  return text + std::string(kEnd) + "\n";
}

Result<GuardStatus> ParseGuardStatus(std::string_view text) {
  if (text.size() > kStatusBytesMax) {
    return Error{Code::kLimit, "the status is too long"};
  }
  Parser parser;
  bool begun = false;
  for (const std::string_view line : Split(text, '\n')) {
    if (!begun) {
      if (line != kTitle) {
        return Error{text.empty() ? Code::kTruncated : Code::kInvalid,
                     "not the status of a guard"};
      }
      begun = true;
    } else if (line == kEnd) {
      return std::move(parser.status);
    } else {
      TRY(parser.Line(line));
    }
  }
  return Error{Code::kTruncated, "the status ends early"};
}

}  // namespace vitrine::wire
