// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/regex/ast.h"
#include "engine/regex/limits.h"

// A tree as bytes, parents first:
//
//   node    = tag operands
//   list    = kConcat varint(count) (node | literal)*
//           | kAlternate varint(count) node*
//   literal = kLiteral counted bytes (each a node of one byte)
//   repeat  = kRepeat|kRepeatLazy varint(min) varint(max+1, 0: unbounded) node
//   set     = kByte byte | kPair lower-case letter | kAny | kAnyButLf
//           | kMasked value mask | kSet 32 bytes
namespace vitrine::engine::regex {
namespace {

enum class Tag : uint8_t {
  kEmpty,
  kLiteral,
  kConcat,
  kAlternate,
  kRepeat,
  kRepeatLazy,
  kByte,
  kPair,
  kAny,
  kAnyButLf,
  kMasked,
  kSet,
  kStart,
  kEnd,
  kWord,
  kNotWord,
};

ByteSet AnyButLf() {
  ByteSet set = ByteSet::All();
  set.Remove('\n');
  return set;
}

ByteSet Masked(uint8_t value, uint8_t mask) {
  ByteSet set;
  for (int b = 0; b < 256; ++b) {
    if ((b & mask) == value) set.Add(static_cast<uint8_t>(b));
  }
  return set;
}

class Encoder {
 public:
  Encoder(const Ast& ast, CodeWriter& out) : ast_(ast), out_(out) {}

  // Recursion is as deep as the tree, which the parser keeps shallow.
  void Write(uint32_t index) {
    const Node& node = ast_.nodes[index];
    switch (node.kind) {
      case Kind::kSet:
        WriteSet(node.set);
        break;
      case Kind::kConcat:
        WriteConcat(node);
        break;
      case Kind::kAlternate:
        WriteTag(Tag::kAlternate);
        out_.Varint(node.children.size());
        for (const uint32_t child : node.children) Write(child);
        break;
      case Kind::kRepeat:
        WriteTag(node.greedy ? Tag::kRepeat : Tag::kRepeatLazy);
        out_.Varint(node.min);
        out_.Varint(node.max == kUnbounded ? 0 : uint64_t{node.max} + 1);
        Write(node.children[0]);
        break;
      default:
        WriteTag(LeafTag(node.kind));
    }
  }

 private:
  static Tag LeafTag(Kind kind) {
    switch (kind) {
      case Kind::kStart:
        return Tag::kStart;
      case Kind::kEnd:
        return Tag::kEnd;
      case Kind::kWord:
        return Tag::kWord;
      case Kind::kNotWord:
        return Tag::kNotWord;
      default:
        return Tag::kEmpty;
    }
  }

  void WriteTag(Tag tag) { out_.U8(static_cast<uint8_t>(tag)); }

  bool IsByte(uint32_t index) const {
    const Node& node = ast_.nodes[index];
    return node.kind == Kind::kSet && node.set.Count() == 1;
  }

  // Runs of plain bytes become one literal each.
  void WriteConcat(const Node& node) {
    const auto& children = node.children;
    const auto run_end = [&](size_t at) {
      while (at < children.size() && IsByte(children[at])) ++at;
      return at;
    };
    size_t items = 0;
    for (size_t i = 0; i < children.size(); ++items) {
      i = std::max(i + 1, run_end(i));
    }
    WriteTag(Tag::kConcat);
    out_.Varint(items);
    for (size_t i = 0; i < children.size();) {
      const size_t end = run_end(i);
      if (end - i < 2) {
        Write(children[i++]);
        continue;
      }
      WriteTag(Tag::kLiteral);
      out_.Varint(end - i);
      for (; i < end; ++i) out_.U8(ast_.nodes[children[i]].set.First());
    }
  }

  void WriteSet(const ByteSet& set) {
    const uint8_t first = set.First();
    if (set == ByteSet::Of(first)) {
      WriteTag(Tag::kByte);
      out_.U8(first);
    } else if (IsAlpha(first) && set == ByteSet::Of(first).Folded()) {
      WriteTag(Tag::kPair);
      out_.U8(ToLower(first));
    } else if (set == ByteSet::All()) {
      WriteTag(Tag::kAny);
    } else if (set == AnyButLf()) {
      WriteTag(Tag::kAnyButLf);
    } else if (!WriteMasked(set)) {
      WriteTag(Tag::kSet);
      for (size_t i = 0; i < 4; ++i) out_.U64(set.Word(i));
    }
  }

  bool WriteMasked(const ByteSet& set) {
    for (const uint8_t mask : {uint8_t{0xf0}, uint8_t{0x0f}}) {
      const auto value = static_cast<uint8_t>(set.First() & mask);
      if (set == Masked(value, mask)) {
        WriteTag(Tag::kMasked);
        out_.U8(value);
        out_.U8(mask);
        return true;
      }
    }
    return false;
  }

  const Ast& ast_;
  CodeWriter& out_;
};

class Decoder {
 public:
  explicit Decoder(CodeReader& in) : in_(in) {}

  Result<Ast> Read() {
    const uint32_t root = TRY(ReadNode(0));
    ast_.root = root;
    return std::move(ast_);
  }

 private:
  // Groups nest a concatenation in an alternation in a repetition.
  static constexpr int kTreeDepthMax = 4 * kDepthMax;

  static Error Bad() { return {Code::kInvalid, "bad expression code"}; }

  Result<uint32_t> ReadNode(int depth) {
    if (depth > kTreeDepthMax || ast_.nodes.size() >= kNodesMax) return Bad();
    const uint8_t tag = in_.U8();
    if (!in_.ok()) return Bad();
    switch (static_cast<Tag>(tag)) {
      case Tag::kEmpty:
        return ast_.AddLeaf(Kind::kEmpty);
      case Tag::kStart:
        return ast_.AddLeaf(Kind::kStart);
      case Tag::kEnd:
        return ast_.AddLeaf(Kind::kEnd);
      case Tag::kWord:
        return ast_.AddLeaf(Kind::kWord);
      case Tag::kNotWord:
        return ast_.AddLeaf(Kind::kNotWord);
      case Tag::kConcat:
        return ReadList(Kind::kConcat, depth);
      case Tag::kAlternate:
        return ReadList(Kind::kAlternate, depth);
      case Tag::kRepeat:
        return ReadRepeat(true, depth);
      case Tag::kRepeatLazy:
        return ReadRepeat(false, depth);
      default:
        return ReadSet(static_cast<Tag>(tag));
    }
  }

  Status ReadLiteral(std::vector<uint32_t>& nodes) {
    const Bytes bytes = in_.Counted();
    if (!in_.ok() || bytes.size() > kNodesMax - ast_.nodes.size()) return Bad();
    for (const uint8_t byte : bytes) {
      nodes.push_back(ast_.AddSet(ByteSet::Of(byte)));
    }
    return Ok();
  }

  bool TakeLiteralTag() {
    const size_t at = in_.at();
    if (static_cast<Tag>(in_.U8()) == Tag::kLiteral) return true;
    if (in_.ok()) in_.Seek(at);
    return false;
  }

  Result<uint32_t> ReadList(Kind kind, int depth) {
    const uint64_t count = in_.Varint();
    // An alternation of nothing would match nothing: no tree has one.
    if (!in_.ok() || (count == 0 && kind == Kind::kAlternate)) return Bad();
    std::vector<uint32_t> children;
    for (uint64_t i = 0; i < count; ++i) {
      if (kind == Kind::kConcat && TakeLiteralTag()) {
        TRY(ReadLiteral(children));
      } else {
        children.push_back(TRY(ReadNode(depth + 1)));
      }
    }
    return ast_.AddList(kind, std::move(children));
  }

  Result<uint32_t> ReadRepeat(bool greedy, int depth) {
    const uint64_t min = in_.Varint();
    const uint64_t max = in_.Varint();
    if (!in_.ok() || min > kRepeatMax || max > kRepeatMax + 1) return Bad();
    if (max != 0 && max - 1 < min) return Bad();
    const uint32_t child = TRY(ReadNode(depth + 1));
    return ast_.AddRepeat(
        child, static_cast<uint32_t>(min),
        max == 0 ? kUnbounded : static_cast<uint32_t>(max - 1), greedy);
  }

  Result<uint32_t> ReadSet(Tag tag) {
    ByteSet set;
    switch (tag) {
      case Tag::kByte:
        set = ByteSet::Of(in_.U8());
        break;
      case Tag::kPair:
        set = ByteSet::Of(in_.U8()).Folded();
        break;
      case Tag::kAny:
        set = ByteSet::All();
        break;
      case Tag::kAnyButLf:
        set = AnyButLf();
        break;
      case Tag::kMasked: {
        const uint8_t value = in_.U8();
        set = Masked(value, in_.U8());
        break;
      }
      case Tag::kSet:
        for (size_t i = 0; i < 4; ++i) set.SetWord(i, in_.U64());
        break;
      default:
        return Bad();
    }
    if (!in_.ok()) return Bad();
    return ast_.AddSet(set);
  }

  CodeReader& in_;
  Ast ast_;
};

}  // namespace

void Encode(const Ast& ast, CodeWriter& out) {
  Encoder(ast, out).Write(ast.root);
}

Result<Ast> Decode(CodeReader& code) { return Decoder(code).Read(); }

}  // namespace vitrine::engine::regex
