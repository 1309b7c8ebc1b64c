// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/target_block.h"

#include <utility>

#include "engine/clamav/clamav.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {
namespace {

// Keys other than Target need an Engine of at least this (reference §2.2).
constexpr uint32_t kLevelOfBlocks = 51;
constexpr uint32_t kTargetsEnd = 15;

Error Invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}
Error Skip() { return Error{Code::kNotFound, "meant for another version"}; }

Result<Range> ParseRange(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return Invalid("a range has a '-'");
  const auto min = Digits(text.substr(0, dash));
  const auto max = Digits(text.substr(dash + 1));
  if (!min || !max) return Invalid("bad number in a range");
  return Range{*min, *max};
}

Result<FileType> ParseType(std::string_view name) {
  if (const auto type = FileTypeFromName(name)) return *type;
  // Known to clamscan, but nothing that we detect is of these types.
  for (const char* known : {"CL_TYPE_MHTML", "CL_TYPE_PS", "CL_TYPE_SFX"}) {
    if (name == known) return FileType::kIGNORED;
  }
  return Skip();
}

class BlockParser {
 public:
  Result<TargetBlock> Parse(std::string_view text) {
    TRY(CheckPairs(text));
    for (bool first = true;; first = false) {
      const size_t comma = text.find(',');
      TRY(Pair(text.substr(0, comma), first));
      if (comma == std::string_view::npos) break;
      text.remove_prefix(comma + 1);
    }
    return Finish();
  }

 private:
  // All of it must be pairs, even where a key further left says to skip.
  static Status CheckPairs(std::string_view text) {
    for (;;) {
      const size_t comma = text.find(',');
      const std::string_view pair = text.substr(0, comma);
      const size_t colon = pair.find(':');
      if (colon == std::string_view::npos || colon == 0) {
        return Invalid("the target block is not of the form Key:Value,...");
      }
      if (comma == std::string_view::npos) return Ok();
      text.remove_prefix(comma + 1);
    }
  }

  Status Pair(std::string_view pair, bool first) {
    const size_t colon = pair.find(':');
    const std::string_view key = pair.substr(0, colon);
    const std::string_view value = pair.substr(colon + 1);
    if (key == "Engine") {
      if (!first) return Invalid("Engine is not the first key");
      engine_ = TRY(ParseRange(value));
      return Ok();
    }
    if (key == "Target") {
      const auto target = Digits(value);
      if (!target) return Invalid("bad target number");
      if (*target >= kTargetsEnd) return Skip();
      block_.target = static_cast<int>(*target);
      has_target_ = true;
      return Ok();
    }
    new_keys_ = true;
    return Condition(key, value);
  }

  Status Condition(std::string_view key, std::string_view value) {
    if (key == "FileSize") {
      block_.file_size = TRY(ParseRange(value));
    } else if (key == "EntryPoint") {
      block_.entry_point = TRY(ParseRange(value));
    } else if (key == "NumberOfSections") {
      block_.sections = TRY(ParseRange(value));
    } else if (key == "Container") {
      block_.container = TRY(ParseType(value));
    } else if (key == "HandlerType") {
      block_.handler = TRY(ParseType(value));
    } else if (key == "Intermediates") {
      TRY(Chain(value));
    } else if (key == "IconGroup1") {
      block_.icon_group1 = value;
      icons_ = true;
    } else if (key == "IconGroup2") {
      block_.icon_group2 = value;
      icons_ = true;
    } else {
      return Skip();
    }
    return Ok();
  }

  Status Chain(std::string_view value) {
    block_.intermediates.clear();
    for (;;) {
      const size_t next = value.find('>');
      const FileType type = TRY(ParseType(value.substr(0, next)));
      if (block_.intermediates.size() == kIntermediatesMax) {
        return Invalid("too many intermediates");
      }
      block_.intermediates.push_back(type);
      if (next == std::string_view::npos) return Ok();
      value.remove_prefix(next + 1);
    }
  }

  Result<TargetBlock> Finish() {
    if (new_keys_ && (!engine_ || engine_->min < kLevelOfBlocks)) {
      return Invalid(
          "keys other than Target need Engine with at least 51 before them");
    }
    if (engine_ && !engine_->Contains(kFunctionalityLevel)) return Skip();
    if (!has_target_) return Invalid("no Target in the target block");
    const bool executable =
        block_.target == 1 || block_.target == 6 || block_.target == 9;
    if ((block_.entry_point || block_.sections) && !executable) {
      return Invalid("EntryPoint and NumberOfSections need target 1, 6 or 9");
    }
    if (icons_ && block_.target != 1) {
      return Invalid("icon groups need target 1");
    }
    return std::move(block_);
  }

  TargetBlock block_;
  std::optional<Range> engine_;
  bool has_target_ = false;
  bool new_keys_ = false;
  bool icons_ = false;
};

// Which parts of a block follow in its code.
enum Part : uint8_t {
  kFileSize = 1,
  kEntryPoint = 2,
  kSections = 4,
  kContainer = 8,
  kIntermediates = 16,
  kIcons = 32,
  kHandler = 64,
};

void WriteRange(const Range& range, CodeWriter& out) {
  out.U32(range.min);
  out.U32(range.max);
}

Range ReadRange(CodeReader& in) {
  const uint32_t min = in.U32();
  return Range{min, in.U32()};
}

}  // namespace

Result<TargetBlock> ParseTargetBlock(std::string_view text) {
  return BlockParser().Parse(text);
}

void WriteTargetBlock(const TargetBlock& block, CodeWriter& out) {
  const bool icons = !block.icon_group1.empty() || !block.icon_group2.empty();
  int parts = 0;
  if (block.file_size) parts |= kFileSize;
  if (block.entry_point) parts |= kEntryPoint;
  if (block.sections) parts |= kSections;
  if (block.container) parts |= kContainer;
  if (!block.intermediates.empty()) parts |= kIntermediates;
  if (icons) parts |= kIcons;
  if (block.handler) parts |= kHandler;
  out.U8(static_cast<uint8_t>(parts));
  if (block.file_size) WriteRange(*block.file_size, out);
  if (block.entry_point) WriteRange(*block.entry_point, out);
  if (block.sections) WriteRange(*block.sections, out);
  if (block.container) out.U16(static_cast<uint16_t>(*block.container));
  if (!block.intermediates.empty()) {
    out.Varint(block.intermediates.size());
    for (const FileType type : block.intermediates) {
      out.U16(static_cast<uint16_t>(type));
    }
  }
  if (icons) {
    out.Counted(block.icon_group1);
    out.Counted(block.icon_group2);
  }
  if (block.handler) out.U16(static_cast<uint16_t>(*block.handler));
}

Result<TargetBlock> ReadTargetBlock(CodeReader& in) {
  TargetBlock block;
  const uint8_t parts = in.U8();
  if ((parts & kFileSize) != 0) block.file_size = ReadRange(in);
  if ((parts & kEntryPoint) != 0) block.entry_point = ReadRange(in);
  if ((parts & kSections) != 0) block.sections = ReadRange(in);
  if ((parts & kContainer) != 0) {
    block.container = static_cast<FileType>(in.U16());
  }
  if ((parts & kIntermediates) != 0) {
    const uint64_t count = in.Varint();
    if (count > kIntermediatesMax) return Invalid("bad target block code");
    for (uint64_t i = 0; i < count; ++i) {
      block.intermediates.push_back(static_cast<FileType>(in.U16()));
    }
  }
  if ((parts & kIcons) != 0) {
    block.icon_group1 = in.CountedText();
    block.icon_group2 = in.CountedText();
  }
  if ((parts & kHandler) != 0) block.handler = static_cast<FileType>(in.U16());
  if (!in.ok()) return Invalid("target block code ends early");
  return block;
}

}  // namespace vitrine::engine::clamav
