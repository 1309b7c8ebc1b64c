// SPDX-License-Identifier: Apache-2.0
#include "ledger/record.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

#include "base/quoted_word.h"
#include "base/text.h"
#include "ledger/limits.h"

namespace vitrine::ledger {
namespace {

constexpr std::string_view kTitle = "vitrine-ledger";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kSuffix = ".ledger";
constexpr size_t kIndexDigits = 8;

Error Bad(std::string_view why) {
  return {Code::kInvalid, "not a line of the ledger: " + std::string(why)};
}

std::string Joined(std::initializer_list<std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += word;
  }
  return line;
}

Chain ChainOf(const Chain& before, std::string_view line) {
  const std::string text = ToHex(before) + " " + std::string(line) + "\n";
  return crypto::Sha256(AsBytes(text));
}

// The words of a line, taken one by one; wrong once one was.
class Words {
 public:
  explicit Words(std::string_view line) : words_(Split(line, ' ')) {}

  bool good() const { return good_ && at_ == words_.size(); }
  std::string_view Next() {
    if (at_ < words_.size()) return words_[at_++];
    good_ = false;
    return {};
  }
  uint64_t Number() {
    const std::string_view word = Next();
    const auto number = ParseDecimal(word);
    if (!number || std::to_string(*number) != word) good_ = false;
    return number.value_or(0);
  }
  std::string Text(size_t most) {
    auto text = UnquoteWord(Next());
    if (!text || text->size() > most) good_ = false;
    return std::move(text).value_or("");
  }
  crypto::Sha256Digest Digest() {
    crypto::Sha256Digest digest{};
    const std::string_view word = Next();
    const auto bytes = FromHex(word);
    if (!bytes || bytes->size() != digest.size() || ToHex(*bytes) != word) {
      good_ = false;
    } else {
      std::copy(bytes->begin(), bytes->end(), digest.begin());
    }
    return digest;
  }
  void Fail() { good_ = false; }

 private:
  std::vector<std::string_view> words_;
  size_t at_ = 0;
  bool good_ = true;
};

std::string Body(const Record& record) {
  const std::string start =
      Joined({std::to_string(record.number), std::to_string(record.time_ns)});
  if (record.kind == Record::Kind::kRequest) {
    const Outbound& out = record.request;
    return Joined(
        {start, "request", QuoteWord(out.destination), QuoteWord(out.via),
         QuoteWord(out.method), QuoteWord(out.target), QuoteWord(out.reason),
         ToHex(crypto::Sha256(out.bytes)), QuoteWord(AsText(out.bytes))});
  }
  if (record.kind == Record::Kind::kResult) {
    const Ended& ended = record.result;
    return Joined({start, "result", std::to_string(ended.request),
                   QuoteWord(ended.outcome), std::to_string(ended.status),
                   std::to_string(ended.received)});
  }
  return Joined({start, "repaired", std::to_string(record.repaired.bytes),
                 ToHex(record.repaired.sha256)});
}

void TakeRequest(Words& words, Outbound& out) {
  out.destination = words.Text(kTextMax);
  out.via = words.Text(kTextMax);
  out.method = words.Text(kTextMax);
  out.target = words.Text(kTextMax);
  out.reason = words.Text(kTextMax);
  const crypto::Sha256Digest digest = words.Digest();
  const std::string bytes = words.Text(kRequestBytesMax);
  out.bytes.assign(bytes.begin(), bytes.end());
  if (crypto::Sha256(out.bytes) != digest) words.Fail();
}

void TakeResult(Words& words, Ended& ended) {
  ended.request = words.Number();
  ended.outcome = words.Text(kTextMax);
  const uint64_t status = words.Number();
  if (status > 999) words.Fail();
  ended.status = static_cast<uint32_t>(status);
  ended.received = words.Number();
}

}  // namespace

Line FormatRecord(const Record& record, const Chain& before) {
  const std::string body = Body(record);
  const Chain chain = ChainOf(before, body);
  return {body + " " + ToHex(chain) + "\n", chain};
}

Result<Parsed> ParseRecord(std::string_view line, const Chain& before) {
  if (line.size() >= kLineMax) return Bad("it is too long");
  const size_t blank = line.rfind(' ');
  if (blank == line.npos) return Bad("too few words");
  Words chain(line.substr(blank + 1));
  Words words(line.substr(0, blank));
  Parsed parsed;
  parsed.chain = chain.Digest();
  Record& record = parsed.record;
  record.number = words.Number();
  const uint64_t time = words.Number();
  if (time > static_cast<uint64_t>(INT64_MAX)) words.Fail();
  record.time_ns = static_cast<int64_t>(time & INT64_MAX);
  const std::string_view kind = words.Next();
  if (kind == "request") {
    record.kind = Record::Kind::kRequest;
    TakeRequest(words, record.request);
  } else if (kind == "result") {
    record.kind = Record::Kind::kResult;
    TakeResult(words, record.result);
  } else if (kind == "repaired") {
    record.kind = Record::Kind::kRepaired;
    record.repaired.bytes = words.Number();
    record.repaired.sha256 = words.Digest();
  } else {
    return Bad("an unknown kind");
  }
  if (!words.good() || !chain.good()) return Bad("its words");
  parsed.unbroken = ChainOf(before, line.substr(0, blank)) == parsed.chain;
  return parsed;
}

std::string FormatHead(const SegmentHead& head) {
  return Joined({std::string(kTitle), std::string(kVersion),
                 std::to_string(head.first), ToHex(head.before)}) +
         "\n";
}

Result<SegmentHead> ParseHead(std::string_view line) {
  Words words(line);
  SegmentHead head;
  if (words.Next() != kTitle || words.Next() != kVersion) {
    return Bad("not the head of a segment");
  }
  head.first = words.Number();
  head.before = words.Digest();
  if (!words.good() || head.first == 0) return Bad("the head's words");
  return head;
}

std::string SegmentName(uint64_t index) {
  std::string digits = std::to_string(index);
  if (digits.size() < kIndexDigits) {
    digits.insert(0, kIndexDigits - digits.size(), '0');
  }
  return digits + std::string(kSuffix);
}

uint64_t SegmentIndex(std::string_view name) {
  if (!name.ends_with(kSuffix)) return 0;
  const auto index = ParseDecimal(name.substr(0, name.size() - kSuffix.size()));
  return index && SegmentName(*index) == name ? *index : 0;
}

}  // namespace vitrine::ledger
