// SPDX-License-Identifier: Apache-2.0
#include "wire/courier.h"

#include "base/quoted_word.h"
#include "base/text.h"
#include "wire/limits.h"

namespace vitrine::wire {
namespace {

constexpr std::string_view kTitle = "vitrine-courier 1";
constexpr std::string_view kEnd = "end";
constexpr size_t kPartsMax = 16;
constexpr size_t kPartMax = 255;

Error Bad(std::string_view line) {
  return {Code::kInvalid,
          "not a line of the courier's: " + std::string(line.substr(0, 80))};
}

bool IsUpperHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

bool IsPart(std::string_view part) {
  if (part.empty() || part.size() > kPartMax || part[0] == '.') return false;
  for (size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    if (c == '%') {
      if (part.size() - i < 3 || !IsUpperHex(part[i + 1]) ||
          !IsUpperHex(part[i + 2])) {
        return false;
      }
      i += 2;
    } else if (!IsAlnum(static_cast<uint8_t>(c)) &&
               std::string_view("-._~+@=,").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// A decimal number in its one spelling.
std::optional<uint64_t> Number(std::string_view word) {
  const auto number = ParseDecimal(word);
  if (!number || std::to_string(*number) != word) return std::nullopt;
  return number;
}

std::optional<uint32_t> Mirror(std::string_view word) {
  const auto number = Number(word);
  if (!number || *number >= kMirrorsMax) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

}  // namespace

bool IsCourierName(std::string_view name) {
  if (name.size() > kCourierNameMax) return false;
  const auto parts = Split(name, '/');
  if (parts.size() > kPartsMax) return false;
  for (const std::string_view part : parts) {
    if (!IsPart(part)) return false;
  }
  return true;
}

std::string FormatJob(const CourierJob& job) {
  std::string text = std::string(kTitle) + "\n";
  for (const uint32_t mirror : job.avoid) {
    text += "avoid " + std::to_string(mirror) + "\n";
  }
  for (const CourierFetch& fetch : job.fetches) {
    text += "fetch " + fetch.name + " " + std::to_string(fetch.size_max) +
            (fetch.immutable ? " immutable\n" : " fresh\n");
  }
  return text + std::string(kCourierEnd);
}

Status CourierJobReader::Fetch(const std::vector<std::string_view>& words) {
  if (job_.fetches.size() >= kFetchesMax) {
    return Error{Code::kLimit, "too many files in one job"};
  }
  const auto size = Number(words[2]);
  const bool immutable = words[3] == "immutable";
  if (!IsCourierName(words[1]) || !size ||
      (!immutable && words[3] != "fresh")) {
    return Bad(words[1]);
  }
  job_.fetches.push_back({std::string(words[1]), *size, immutable});
  return Ok();
}

Result<bool> CourierJobReader::Line(std::string_view line) {
  if (!begun_) {
    if (line != kTitle) return Bad(line);
    begun_ = true;
    return false;
  }
  if (line == kEnd) return true;
  const auto words = Split(line, ' ');
  if (words[0] == "fetch" && words.size() == 4) {
    TRY(Fetch(words));
    return false;
  }
  if (words[0] != "avoid" || words.size() != 2 || !job_.fetches.empty() ||
      job_.avoid.size() >= kMirrorsMax) {
    return Bad(line);
  }
  const auto mirror = Mirror(words[1]);
  if (!mirror) return Bad(line);
  job_.avoid.push_back(*mirror);
  return false;
}

CourierJob CourierJobReader::Take() {
  begun_ = false;
  return std::exchange(job_, {});
}

std::string FormatResult(const CourierResult& result) {
  switch (result.kind) {
    case CourierResult::Kind::kGot:
      return "got " + result.name + " " + std::to_string(result.size) + " " +
             std::to_string(result.mirror) + "\n";
    case CourierResult::Kind::kMissing:
      return "missing " + result.name + "\n";
    case CourierResult::Kind::kFailed:
      break;
  }
  return "failed " + result.name + " " + QuoteWord(result.reason) + " " +
         QuoteWord(result.detail.substr(0, kCourierDetailMax)) + "\n";
}

Result<std::optional<CourierResult>> ParseCourierResult(std::string_view line) {
  if (line == kEnd) return std::optional<CourierResult>();
  const auto words = Split(line, ' ');
  CourierResult result;
  if (words.size() < 2 || !IsCourierName(words[1])) return Bad(line);
  result.name = std::string(words[1]);
  if (words[0] == "missing" && words.size() == 2) {
    result.kind = CourierResult::Kind::kMissing;
    return std::optional(std::move(result));
  }
  if (words.size() != 4) return Bad(line);
  if (words[0] == "got") {
    const auto size = Number(words[2]);
    const auto mirror = Mirror(words[3]);
    if (!size || !mirror) return Bad(line);
    result.kind = CourierResult::Kind::kGot;
    result.size = *size;
    result.mirror = *mirror;
    return std::optional(std::move(result));
  }
  auto reason = UnquoteWord(words[2]);
  auto detail = UnquoteWord(words[3]);
  if (words[0] != "failed" || !reason || !detail ||
      reason->size() > kCourierDetailMax ||
      detail->size() > kCourierDetailMax) {
    return Bad(line);
  }
  result.reason = *std::move(reason);
  result.detail = *std::move(detail);
  return std::optional(std::move(result));
}

}  // namespace vitrine::wire
