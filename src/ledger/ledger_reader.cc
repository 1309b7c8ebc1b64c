// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger_reader.h"

#include <algorithm>

#include "ledger/limits.h"
#include "ledger/segment.h"

namespace vitrine::ledger {

Error LedgerReader::At(const std::string& what) const {
  return {Code::kInvalid, folder_ + "/" + SegmentName(index_) + ":" +
                              std::to_string(line_) + ": " + what};
}

// Goes into the first segment, or into the one behind that in hand. False
// where there is none yet.
Result<bool> LedgerReader::Enter() {
  const auto indexes = TRY(ListSegments(folder_));
  const auto next = std::upper_bound(indexes.begin(), indexes.end(), index_);
  if (next == indexes.end()) return false;
  const bool begins = index_ == 0;
  // A segment is closed before the next one is begun: what it has now is all.
  if (!begins && TRY(Advance())) return true;
  if (!begins && at_ < text_.size()) return At("the segment ends in a part");
  index_ = *next;
  line_ = 1;
  text_ = TRY(ReadSegment(folder_, SegmentName(index_)));
  const size_t end = text_.find('\n');
  const auto head = ParseHead(std::string_view(text_).substr(0, end));
  if (end == text_.npos || !head.ok()) return At("no head of a segment");
  if (begins) {
    next_ = head.value().first;
    first_ = next_;
    chain_ = head.value().before;
  } else if (head.value() != SegmentHead{next_, chain_}) {
    return At("does not go on where the segment before it ended");
  }
  at_ = end + 1;
  return true;
}

// Reads what was added to the segment in hand. False where nothing was.
Result<bool> LedgerReader::Advance() {
  std::string text = TRY(ReadSegment(folder_, SegmentName(index_)));
  if (text == text_) return false;
  if (text.size() < at_) return At("the segment was cut");
  text_ = std::move(text);
  return true;
}

Result<std::optional<Record>> LedgerReader::Next() {
  if (index_ == 0 && !TRY(Enter())) return std::optional<Record>();
  size_t end;
  while ((end = text_.find('\n', at_)) == text_.npos) {
    if (text_.size() - at_ > kLineMax) return At("a line without an end");
    if (TRY(Advance())) continue;
    if (!TRY(Enter())) return std::optional<Record>();
  }
  ++line_;
  auto parsed =
      ParseRecord(std::string_view(text_).substr(at_, end - at_), chain_);
  if (!parsed.ok()) return At(parsed.error().message);
  if (!parsed.value().unbroken) return At("the chain is broken here");
  if (parsed.value().record.number != next_) {
    return At("number " + std::to_string(next_) + " is missing");
  }
  chain_ = parsed.value().chain;
  at_ = end + 1;
  ++next_;
  return std::optional(std::move(parsed).value().record);
}

}  // namespace vitrine::ledger
