// SPDX-License-Identifier: Apache-2.0
#include "update/delta/delta.h"

#include <algorithm>
#include <cstring>

#include "base/code.h"
#include "formats/codec/zstd_frame.h"
#include "update/delta/limits.h"
#include "update/delta/renumber.h"

namespace vitrine::update {
namespace {

constexpr char kMagic[] = "VITRDLT1";
constexpr size_t kMagicSize = sizeof kMagic - 1;

Error Invalid(const char* what) {
  return {Code::kInvalid, std::string("delta: ") + what};
}

bool ReadDigest(CodeReader& in, crypto::Sha256Digest& out) {
  const Bytes bytes = in.Raw(out.size());
  if (bytes.size() != out.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

// Steps are stored as their distances, so they rise whatever the file says;
// a sum that wraps is refused.
Status ReadRenumberings(Bytes bytes, std::vector<Renumbering>& out) {
  CodeReader in(bytes);
  const uint64_t count = in.Varint();
  if (count > kRenumberingsMax) return Invalid("too many renumberings");
  uint64_t left = kStepsMax;
  for (uint64_t i = 0; i < count && in.ok(); ++i) {
    const uint64_t steps = in.Varint();
    if (steps > left) return Error{Code::kLimit, "delta: too many steps"};
    left -= steps;
    Renumbering renumbering;
    uint64_t from = 0;
    for (uint64_t step = 0; step < steps && in.ok(); ++step) {
      const uint64_t distance = in.Varint();
      if (distance > UINT64_MAX - from || (distance == 0 && step > 0)) {
        return Invalid("steps do not rise");
      }
      from += distance;
      renumbering.steps.push_back({from, in.U32()});
    }
    out.push_back(std::move(renumbering));
  }
  if (!in.ok() || !in.AtEnd()) return Invalid("damaged renumberings");
  return Ok();
}

ByteVector WriteRenumberings(const std::vector<Renumbering>& renumberings) {
  CodeWriter out;
  out.Varint(renumberings.size());
  for (const Renumbering& renumbering : renumberings) {
    out.Varint(renumbering.steps.size());
    uint64_t from = 0;
    for (const Renumbering::Step& step : renumbering.steps) {
      out.Varint(step.from - from);
      out.U32(step.add);
      from = step.from;
    }
  }
  return out.Take();
}

Result<Column> ReadColumn(CodeReader& in, const Delta& delta,
                          uint32_t record_words) {
  Column column;
  const uint64_t word = in.Varint();
  const uint64_t renumbering = in.Varint();
  const uint64_t key = in.Varint();  // Plus one; 0: none.
  if (!in.ok() || word >= record_words || key > record_words ||
      renumbering >= delta.renumberings.size()) {
    return Invalid("a column that is not there");
  }
  column.word = static_cast<uint32_t>(word);
  column.renumbering = static_cast<uint32_t>(renumbering);
  if (key > 0) column.key_word = static_cast<uint32_t>(key - 1);
  return column;
}

Result<Part> ReadPart(CodeReader& in, const Delta& delta) {
  Part part;
  part.old_offset = in.Varint();
  part.old_size = in.Varint();
  part.new_size = in.Varint();
  const uint64_t words = in.Varint();
  const uint64_t columns = in.Varint();
  if (!in.ok() || part.old_offset > delta.old_size ||
      part.old_size > delta.old_size - part.old_offset) {
    return Invalid("a part of what is not there");
  }
  if (words > kRecordWordsMax || columns > kColumnsMax) {
    return Error{Code::kLimit, "delta: too many columns"};
  }
  part.record_words = static_cast<uint32_t>(words);
  for (uint64_t i = 0; i < columns; ++i) {
    part.columns.push_back(TRY(ReadColumn(in, delta, part.record_words)));
  }
  part.frame = in.Counted();
  if (!in.ok()) return Invalid("cut short");
  return part;
}

void WritePart(const Part& part, Bytes frame, CodeWriter& out) {
  out.Varint(part.old_offset);
  out.Varint(part.old_size);
  out.Varint(part.new_size);
  out.Varint(part.record_words);
  out.Varint(part.columns.size());
  for (const Column& column : part.columns) {
    out.Varint(column.word);
    out.Varint(column.renumbering);
    out.Varint(column.key_word ? uint64_t{*column.key_word} + 1 : 0);
  }
  out.Counted(frame);
}

}  // namespace

Result<Delta> ParseDelta(Bytes bytes) {
  if (bytes.size() > kDeltaSizeMax) {
    return Error{Code::kLimit, "delta: too large"};
  }
  CodeReader in(bytes);
  if (AsText(in.Raw(kMagicSize)) != kMagic) return Invalid("not a delta");
  Delta delta;
  delta.old_size = in.Varint();
  delta.new_size = in.Varint();
  if (delta.old_size > kDatabaseSizeMax || delta.new_size > kDatabaseSizeMax) {
    return Error{Code::kLimit, "delta: of too large a database"};
  }
  if (!ReadDigest(in, delta.old_sha256) || !ReadDigest(in, delta.new_sha256)) {
    return Invalid("cut short");
  }
  const uint64_t size = in.Varint();
  const Bytes frame = in.Counted();
  if (!in.ok()) return Invalid("cut short");
  // Ten bytes of varint and four of number a step.
  if (size > uint64_t{kStepsMax} * 14 + 1024) {
    return Error{Code::kLimit, "delta: too many steps"};
  }
  ByteVector renumberings(size);
  TRY(codec::UnpackFrame(frame, {}, renumberings));
  TRY(ReadRenumberings(renumberings, delta.renumberings));
  const uint64_t parts = in.Varint();
  if (parts > kPartsMax) return Error{Code::kLimit, "delta: too many parts"};
  uint64_t covered = 0;
  for (uint64_t i = 0; i < parts; ++i) {
    delta.parts.push_back(TRY(ReadPart(in, delta)));
    if (delta.parts.back().new_size > delta.new_size - covered) {
      return Invalid("parts do not make up the file");
    }
    covered += delta.parts.back().new_size;
  }
  if (covered != delta.new_size) {
    return Invalid("parts do not make up the file");
  }
  if (!in.ok() || !in.AtEnd()) return Invalid("something follows it");
  return delta;
}

Status ApplyDelta(const Delta& delta, Bytes old_file, std::span<uint8_t> out) {
  CHECK(out.size() == delta.new_size);
  if (old_file.size() != delta.old_size) {
    return Invalid("it is for a database of another size");
  }
  ByteVector room;
  for (const Part& part : delta.parts) {
    const Bytes range = old_file.subspan(part.old_offset, part.old_size);
    TRY(codec::UnpackFrame(part.frame, Renumbered(delta, part, range, room),
                           out.first(part.new_size)));
    out = out.subspan(part.new_size);
  }
  return Ok();
}

Result<ByteVector> MakeDelta(const Delta& plan, Bytes old_file,
                             Bytes new_file) {
  CodeWriter out;
  out.Raw(AsBytes(kMagic));
  out.Varint(old_file.size());
  out.Varint(new_file.size());
  out.Raw(crypto::Sha256(old_file));
  out.Raw(crypto::Sha256(new_file));
  const ByteVector renumberings = WriteRenumberings(plan.renumberings);
  out.Varint(renumberings.size());
  out.Counted(TRY(codec::PackFrame(renumberings, {}, kDeltaLevel)));
  out.Varint(plan.parts.size());
  ByteVector room;
  uint64_t at = 0;
  for (const Part& part : plan.parts) {
    const Bytes range = old_file.subspan(part.old_offset, part.old_size);
    const ByteVector frame =
        TRY(codec::PackFrame(new_file.subspan(at, part.new_size),
                             Renumbered(plan, part, range, room), kDeltaLevel));
    WritePart(part, frame, out);
    at += part.new_size;
  }
  ByteVector bytes = out.Take();
  TRY(ParseDelta(bytes));
  return bytes;
}

}  // namespace vitrine::update
