// SPDX-License-Identifier: Apache-2.0
#include "events/record.h"

#include <algorithm>

#include "base/check.h"
#include "base/code.h"
#include "events/limits.h"

namespace vitrine::events {
namespace {

constexpr uint8_t kRecordVersion = 1;

// The one list of fields: what is written and what is read walk it alike. Tags
// are append-only; they ascend here, and so they do in every record.
template <typename E, typename Walker>
void WalkFields(E& event, Walker& walk) {
  walk.Enumerator(1, event.event_class, 0xffff);
  walk.Enumerator(2, event.activity, 0xff);
  walk.Enumerator(3, event.severity, 6);
  walk.Enumerator(4, event.action, 2);
  walk.Enumerator(5, event.disposition, 27);
  walk.Enumerator(6, event.outcome, 2);
  walk.Signed(7, event.time_ns);
  walk.Maybe(8, event.verdict, 3);
  walk.Text(9, event.message);
  walk.Text(10, event.reason);
  walk.Text(11, event.path);
  walk.Text(12, event.object);
  walk.Number(13, event.device);
  walk.Number(14, event.inode);
  walk.Number(15, event.size);
  walk.Digest(16, event.sha256);
  walk.Enumerator(17, event.pid, 0xffffffff);
  walk.Maybe(18, event.uid, 0xffffffff);
  walk.Text(19, event.process);
  walk.List(20, event.rules);
  walk.Text(21, event.database);
  walk.Text(22, event.quarantine);
  walk.Text(23, event.task);
  walk.Number(24, event.duration_us);
  walk.Number(25, event.count);
  walk.Number(26, event.detections);
  walk.Enumerator(27, event.clipped, 1);
}

class Encoder {
 public:
  explicit Encoder(CodeWriter& out) : out_(out) {}

  void Number(uint8_t tag, uint64_t value) {
    if (value == 0) return;
    out_.U8(tag);
    out_.Varint(value);
  }
  template <typename T>
  void Enumerator(uint8_t tag, T value, uint64_t) {
    Number(tag, static_cast<uint64_t>(value));
  }
  void Signed(uint8_t tag, int64_t value) {
    Number(tag, static_cast<uint64_t>(value));
  }
  // Zero is a value here: one more is written.
  template <typename T>
  void Maybe(uint8_t tag, const std::optional<T>& value, uint64_t) {
    if (value) Number(tag, static_cast<uint64_t>(*value) + 1);
  }
  void Text(uint8_t tag, std::string_view text) {
    if (text.empty()) return;
    out_.U8(tag);
    out_.Counted(text.substr(0, kTextMax));
  }
  void Digest(uint8_t tag, const std::optional<crypto::Sha256Digest>& digest) {
    if (!digest) return;
    out_.U8(tag);
    out_.Raw(*digest);
  }
  void List(uint8_t tag, const std::vector<std::string>& list) {
    for (size_t i = 0; i < std::min(list.size(), kRulesMax); ++i) {
      Text(tag, list[i]);
    }
  }

 private:
  CodeWriter& out_;
};

class Decoder {
 public:
  explicit Decoder(CodeReader& in) : in_(in) { Advance(); }

  // Whether every byte was a field in its place.
  bool Finished() const { return ok_ && in_.ok() && tag_ == kNone; }

  void Number(uint8_t tag, uint64_t& value) {
    if (Take(tag)) value = Value(UINT64_MAX);
  }
  template <typename T>
  void Enumerator(uint8_t tag, T& value, uint64_t max) {
    // What a default-made event holds is what an absent field means only for
    // zero; severity, whose default is not, must be there or be zero.
    value = T{};
    if (Take(tag)) value = static_cast<T>(Value(max));
  }
  void Signed(uint8_t tag, int64_t& value) {
    if (Take(tag)) value = static_cast<int64_t>(Value(UINT64_MAX));
  }
  template <typename T>
  void Maybe(uint8_t tag, std::optional<T>& value, uint64_t max) {
    if (Take(tag)) value = static_cast<T>(Value(max + 1) - 1);
  }
  void Text(uint8_t tag, std::string& text) {
    if (Take(tag)) text = TakeText();
  }
  void Digest(uint8_t tag, std::optional<crypto::Sha256Digest>& digest) {
    if (!Take(tag)) return;
    const Bytes bytes = in_.Raw(crypto::Sha256Digest().size());
    if (!in_.ok()) return;
    digest.emplace();
    std::copy(bytes.begin(), bytes.end(), digest->begin());
    Advance();
  }
  void List(uint8_t tag, std::vector<std::string>& list) {
    while (list.size() < kRulesMax && Take(tag)) list.push_back(TakeText());
  }

 private:
  static constexpr int kNone = -1;

  void Advance() { tag_ = in_.AtEnd() ? kNone : in_.U8(); }
  bool Take(uint8_t tag) { return ok_ && in_.ok() && tag_ == tag; }
  // Fields hold no defaults: those are left out, so one event is one record.
  uint64_t Value(uint64_t max) {
    const uint64_t value = in_.Varint();
    if (value == 0 || value > max) ok_ = false;
    Advance();
    return ok_ ? value : 1;
  }
  std::string TakeText() {
    const std::string_view text = in_.CountedText();
    if (text.empty() || text.size() > kTextMax) ok_ = false;
    Advance();
    return ok_ ? std::string(text) : std::string();
  }

  CodeReader& in_;
  int tag_ = kNone;
  bool ok_ = true;
};

bool IsClipped(const Event& event) {
  const auto is_long = [](const std::string& t) { return t.size() > kTextMax; };
  for (const std::string* text :
       {&event.message, &event.reason, &event.path, &event.object,
        &event.process, &event.database, &event.quarantine, &event.task}) {
    if (is_long(*text)) return true;
  }
  return event.clipped || event.rules.size() > kRulesMax ||
         std::any_of(event.rules.begin(), event.rules.end(), is_long);
}

}  // namespace

ByteVector EncodeEvent(const Event& event) {
  CodeWriter out;
  out.U8(kRecordVersion);
  Encoder encoder(out);
  if (IsClipped(event) && !event.clipped) {
    Event marked = event;
    marked.clipped = true;
    WalkFields(marked, encoder);
  } else {
    WalkFields(event, encoder);
  }
  CHECK(out.size() <= kPayloadMax);
  return out.Take();
}

Result<Event> DecodeEvent(Bytes record) {
  CodeReader in(record);
  if (in.U8() != kRecordVersion) {
    return Error{Code::kInvalid, "event record of an unknown version"};
  }
  Event event;
  Decoder decoder(in);
  WalkFields(event, decoder);
  if (!decoder.Finished()) {
    return Error{Code::kInvalid, "event record is malformed"};
  }
  if (std::string_view(ClassName(event.event_class)) == "Unknown") {
    return Error{Code::kInvalid, "event record of an unknown class"};
  }
  return event;
}

}  // namespace vitrine::events
