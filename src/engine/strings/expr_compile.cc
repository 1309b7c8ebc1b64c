// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "engine/regex/literals.h"
#include "engine/regex/parser.h"
#include "engine/regex/program.h"
#include "engine/strings/atom_quality.h"
#include "engine/strings/expr_code.h"
#include "engine/strings/hex_parse.h"
#include "engine/strings/limits.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::strings {
namespace {

using regex::Ast;
using regex::ByteSet;
using regex::Kind;
using regex::Node;

Error Explained(Error error, const char* what, std::string_view id) {
  // YARA gives this one as it is.
  if (error.message.starts_with("greedy and ungreedy")) return error;
  error.message = std::string("invalid ") + what + " \"" + std::string(id) +
                  "\": " + error.message;
  return error;
}

// The mask under which exactly the set's members are equal.
std::optional<uint8_t> MaskOf(const ByteSet& set) {
  // Most are single bytes, of strings of thousands.
  if (set.Count() == 1) return 0xff;
  constexpr uint8_t kMasks[] = {0xf0, 0x0f, 0x00};
  for (const uint8_t mask : kMasks) {
    ByteSet same;
    for (int b = 0; b < 256; ++b) {
      if (((b ^ set.First()) & mask) == 0) same.Add(static_cast<uint8_t>(b));
    }
    if (same == set) return mask;
  }
  return std::nullopt;
}

bool AddMasked(const Ast& ast, uint32_t index, Masked& masked) {
  const Node& node = ast.nodes[index];
  if (node.kind == Kind::kConcat) {
    for (const uint32_t child : node.children) {
      if (!AddMasked(ast, child, masked)) return false;
    }
    return true;
  }
  if (node.kind == Kind::kRepeat) {
    if (node.min != node.max) return false;
    for (uint32_t i = 0; i < node.min; ++i) {
      if (!AddMasked(ast, node.children[0], masked)) return false;
    }
    return true;
  }
  if (node.kind != Kind::kSet) return false;
  const auto mask = MaskOf(node.set);
  if (!mask) return false;
  masked.values.push_back(static_cast<uint8_t>(node.set.First() & *mask));
  masked.masks.push_back(*mask);
  return true;
}

// The string in its simpler form, if it has one.
std::optional<Masked> ToMasked(const Ast& ast) {
  Masked masked;
  if (!AddMasked(ast, ast.root, masked)) return std::nullopt;
  for (const uint8_t mask : masked.masks) {
    if (mask == 0xff) return masked;
  }
  return std::nullopt;
}

// Offsets of a later segment's literals say nothing about the match's start.
void AddChoices(const Chain& chain, std::vector<ir::AtomChoice>& choices) {
  for (size_t s = 0; s < chain.segments.size(); ++s) {
    const Ast& ast = chain.segments[s].ast;
    std::vector<ir::AtomChoice> narrow = regex::Literals(ast, false);
    std::vector<ir::AtomChoice> wide = regex::Literals(ast, true);
    for (size_t c = 0; c < narrow.size(); ++c) {
      ir::AtomChoice choice;
      if (chain.ascii) choice = std::move(narrow[c]);
      if (chain.wide) {
        choice.insert(choice.end(), wide[c].begin(), wide[c].end());
      }
      for (ir::Literal& literal : choice) {
        if (s > 0) literal.offset = ir::kVaries;
      }
      choices.push_back(std::move(choice));
    }
  }
}

// The choices, the literals to search by, the code, and YARA's warning.
Status Finish(Chain chain, Compiled& compiled) {
  ir::Pattern& pattern = compiled.pattern;
  AddChoices(chain, pattern.choices);
  bool is_slow = false;
  for (Segment& segment : chain.segments) {
    OrderAlternatives(segment.ast, chain.greedy);
    if (!HasAtoms(segment.ast)) chain.narrow_fullword = true;
    std::vector<ir::AtomChoice> choices = regex::Literals(segment.ast, false);
    if (!choices.empty()) segment.literals = std::move(choices[0]);
    is_slow = is_slow || IsSlow(segment.ast, chain.ascii, chain.wide);
    // What is too large is refused here and not at run time.
    TRY(regex::Build(segment.ast, regex::Direction::kForward));
  }
  if (is_slow) compiled.warnings.push_back(SlowWarning(pattern.id));
  std::optional<Masked> masked;
  if (chain.is_hex && chain.segments.size() == 1) {
    masked = ToMasked(chain.segments[0].ast);
  }
  pattern.code = masked ? Encode(*masked) : Encode(chain);
  return Ok();
}

// A lazy `.{n,m}` that is long enough to be a jump, as YARA has it; there `.`
// stands for line feeds too.
bool IsLongJump(const Ast& ast, const Node& node) {
  if (node.kind != Kind::kRepeat || node.greedy) return false;
  if (node.max == regex::kUnbounded || node.max <= kJumpInsideMax) return false;
  const Node& dot = ast.nodes[node.children[0]];
  ByteSet but_lf = ByteSet::All();
  but_lf.Remove('\n');
  return dot.kind == Kind::kSet &&
         (dot.set == ByteSet::All() || dot.set == but_lf);
}

// Copies the children [begin, end) of the root into a tree of their own.
Ast Slice(const Ast& ast, size_t begin, size_t end) {
  Ast slice;
  slice.nodes = ast.nodes;
  const auto& children = ast.nodes[ast.root].children;
  slice.AddList(Kind::kConcat,
                {children.begin() + static_cast<ptrdiff_t>(begin),
                 children.begin() + static_cast<ptrdiff_t>(end)});
  return slice;
}

Result<std::vector<Segment>> Segments(Ast ast) {
  std::vector<Segment> segments(1);
  const Node root = ast.nodes[ast.root];
  if (root.kind != Kind::kConcat) {
    segments[0].ast = std::move(ast);
    return segments;
  }
  size_t begin = 0;
  for (size_t i = 1; i + 1 < root.children.size(); ++i) {
    const Node& jump = ast.nodes[root.children[i]];
    if (i == begin || !IsLongJump(ast, jump)) continue;
    if (segments.size() == kSegmentsMax) {
      return Error{Code::kLimit, "too many long jumps"};
    }
    segments.back().ast = Slice(ast, begin, i);
    segments.emplace_back();
    segments.back().gap_min = jump.min;
    segments.back().gap_max = jump.max;
    begin = i + 1;
  }
  segments.back().ast =
      begin == 0 ? std::move(ast) : Slice(ast, begin, root.children.size());
  return segments;
}

}  // namespace

Result<Compiled> CompileHex(std::string_view id, std::string_view body,
                            const Modifiers& modifiers) {
  auto segments = ParseHex(body);
  if (!segments.ok()) {
    return Explained(std::move(segments).error(), "hex string", id);
  }
  Compiled compiled;
  compiled.pattern.id = id;
  compiled.pattern.kind = ir::PatternKind::kRegex;
  compiled.pattern.is_private = modifiers.is_private;
  Chain chain;
  chain.is_hex = true;
  chain.segments = std::move(segments).value();
  TRY(Finish(std::move(chain), compiled));
  return compiled;
}

Result<Compiled> CompileRegex(std::string_view id, std::string_view source,
                              std::string_view flags,
                              const Modifiers& modifiers) {
  regex::Flags parse_flags;
  parse_flags.dot_all = flags.find('s') != std::string_view::npos;
  parse_flags.nocase =
      modifiers.nocase || flags.find('i') != std::string_view::npos;
  auto parsed = regex::Parse(source, parse_flags);
  if (!parsed.ok()) {
    return Explained(std::move(parsed).error(), "regular expression", id);
  }
  Compiled compiled;
  compiled.pattern.id = id;
  compiled.pattern.kind = ir::PatternKind::kRegex;
  compiled.pattern.is_private = modifiers.is_private;
  if (parsed.value().unknown_escape) {
    compiled.warnings.push_back("unknown escape sequence");
  }
  if (parsed.value().unbounded_dot) {
    compiled.warnings.push_back(
        std::string(id) +
        " contains .*, .+ or .{x,} consider using .{,N}, .{1,N} or {x,N} with "
        "a reasonable value for N");
  }
  Chain chain;
  chain.ascii = modifiers.ascii || !modifiers.wide;
  chain.wide = modifiers.wide;
  chain.fullword = modifiers.fullword;
  chain.greedy = parsed.value().greedy;
  chain.segments = TRY(Segments(std::move(parsed.value().ast)));
  TRY(Finish(std::move(chain), compiled));
  return compiled;
}

}  // namespace vitrine::engine::strings
