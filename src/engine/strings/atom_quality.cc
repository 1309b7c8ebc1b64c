// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/atom_quality.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/text.h"

// The numbers were found by trying strings on YARA 4.5: rare bytes weigh more
// than letters, those more than padding; variety helps, wildcards harm.
namespace vitrine::engine::strings {
namespace {

constexpr int kSlowBelow = 38;
constexpr int kWorst = std::numeric_limits<int>::min();
constexpr size_t kAtomBytes = 4;

struct Cell {
  enum class Kind : uint8_t { kByte, kNibble, kAny, kBreak };
  Kind kind = Kind::kBreak;
  uint8_t byte = 0;
  uint8_t width = 0;  // Bytes it stands for.
};
using Cells = std::vector<Cell>;

bool IsPadding(uint8_t byte) {
  return byte == 0 || byte == ' ' || byte == 0xcc || byte == 0xff;
}

// How good an atom is: as it stands, and the worst of what it becomes when
// the string's modifiers are applied to it.
struct Grade {
  static constexpr uint32_t kNoNode = UINT32_MAX;

  int plain = kWorst;
  int final = kWorst;
  size_t end = 0;  // Bytes from the node's start to the atom's end, about.
  // The alternation that the atoms lie in.
  uint32_t alternation = kNoNode;
};

int Quality(const Cells& atom, uint8_t key) {
  int quality = 0;
  std::vector<uint8_t> seen;
  for (const Cell& cell : atom) {
    if (cell.kind != Cell::Kind::kByte) {
      quality += cell.kind == Cell::Kind::kNibble ? 4 : -10;
      continue;
    }
    const auto byte = static_cast<uint8_t>(cell.byte ^ key);
    quality += IsPadding(byte) ? 12 : (IsAlpha(byte) ? 18 : 20);
    if (std::find(seen.begin(), seen.end(), byte) == seen.end()) {
      seen.push_back(byte);
    }
  }
  if (seen.size() == 1 && (IsPadding(seen[0]) || seen[0] == 0x90)) {
    return quality - 10 * static_cast<int>(atom.size());
  }
  return quality + 2 * static_cast<int>(seen.size());
}

// Half as many bytes, each with a zero.
Cells Widened(const Cells& atom) {
  Cells wide;
  for (size_t i = 0; i < atom.size() && i < kAtomBytes / 2; ++i) {
    wide.push_back(atom[i]);
    wide.push_back({Cell::Kind::kByte, 0, 1});
  }
  return wide;
}

// What is searched for, as far as it changes atoms.
struct Forms {
  bool ascii = true;
  bool wide = false;
  uint8_t key_min = 0;
  uint8_t key_max = 0;
};

Grade GradeOf(const Cells& atom, const Forms& forms) {
  const int plain = Quality(atom, 0);
  int final = plain;
  const Cells wide = Widened(atom);
  for (int k = forms.key_min; k <= forms.key_max; ++k) {
    const auto key = static_cast<uint8_t>(k);
    if (forms.ascii) final = std::min(final, Quality(atom, key));
    if (forms.wide) final = std::min(final, Quality(wide, key));
  }
  Grade grade;
  grade.plain = plain;
  grade.final = final;
  return grade;
}

// The best of all rows of four cells without a break; shorter only where there
// is no more room. Wildcards at an atom's ends are cut off.
Grade Best(const Cells& cells, const Forms& forms) {
  Grade best;
  size_t begin = 0;
  for (size_t end = 0; end <= cells.size(); ++end) {
    if (end < cells.size() && cells[end].kind != Cell::Kind::kBreak) continue;
    const size_t size = std::min(kAtomBytes, end - begin);
    for (size_t at = begin; size > 0 && at + size <= end; ++at) {
      auto first = cells.begin() + static_cast<ptrdiff_t>(at);
      auto last = first + static_cast<ptrdiff_t>(size);
      while (first != last && first->kind == Cell::Kind::kAny) ++first;
      while (first != last && (last - 1)->kind == Cell::Kind::kAny) --last;
      if (first == last) continue;
      Grade grade = GradeOf(Cells(first, last), forms);
      grade.end = 0;
      for (auto cell = cells.begin(); cell != last; ++cell) {
        grade.end += cell->width;
      }
      if (grade.plain > best.plain) best = grade;
    }
    begin = end + 1;
  }
  return best;
}

Cell CellOf(const regex::ByteSet& set) {
  const uint8_t first = set.First();
  const int count = set.Count();
  const bool is_pair =
      IsAlpha(first) && set == regex::ByteSet::Of(first).Folded();
  if (count == 1 || is_pair) return {Cell::Kind::kByte, first, 1};
  regex::ByteSet but_lf = regex::ByteSet::All();
  but_lf.Remove('\n');
  if (count == 256 || set == but_lf) return {Cell::Kind::kAny, 0, 1};
  if (count != 16) return {};
  bool same_high = true;
  bool same_low = true;
  for (int b = 0; b < 256; ++b) {
    const auto byte = static_cast<uint8_t>(b);
    if (!set.Has(byte)) continue;
    same_high = same_high && (byte & 0xf0) == (first & 0xf0);
    same_low = same_low && (byte & 0x0f) == (first & 0x0f);
  }
  // YARA makes no atoms of classes and negations.
  return {same_high || same_low ? Cell::Kind::kNibble : Cell::Kind::kBreak, 0,
          1};
}

Cell CellOfByte(const regex::Node& node) {
  // Not even of a class of one byte.
  Cell cell = node.is_class ? Cell{} : CellOf(node.set);
  cell.width = 1;
  return cell;
}

class Judge {
 public:
  Judge(const regex::Ast& ast, const Forms& forms) : ast_(ast), forms_(forms) {}

  Grade GradeOfNode(uint32_t node) const {
    Grade inside;
    const Cells cells = CellsOf(node, inside);
    const Grade row = Best(cells, forms_);
    return row.plain >= inside.plain ? row : inside;
  }

 private:
  // The cells in a row that a node is made of; `best` grows by what can not be
  // told as a row.
  Cells CellsOf(uint32_t index, Grade& best) const {
    const regex::Node& node = ast_.nodes[index];
    switch (node.kind) {
      case regex::Kind::kSet:
        return {CellOfByte(node)};
      case regex::Kind::kConcat: {
        Cells cells;
        for (const uint32_t child : node.children) {
          const Cells more = CellsOf(child, best);
          cells.insert(cells.end(), more.begin(), more.end());
        }
        return cells;
      }
      case regex::Kind::kAlternate: {
        Grade worst;
        worst.plain = worst.final = std::numeric_limits<int>::max();
        worst.alternation = index;
        worst.end = SIZE_MAX;
        for (const uint32_t child : node.children) {
          const Grade grade = GradeOfNode(child);
          worst.plain = std::min(worst.plain, grade.plain);
          worst.final = std::min(worst.final, grade.final);
          worst.end = std::min(worst.end, grade.end);
        }
        if (worst.plain > best.plain) best = worst;
        return {Cell{}};
      }
      case regex::Kind::kRepeat:
        return CellsOfRepeat(node, best);
      case regex::Kind::kEmpty:
        return {};
      default:
        return {Cell{}};
    }
  }

  Cells CellsOfRepeat(const regex::Node& node, Grade& best) const {
    if (node.min == 0) return {Cell{}};
    const Cells once = CellsOf(node.children[0], best);
    // Rows do not reach over jumps, of whatever length.
    if (once.size() == 1 && once[0].kind == Cell::Kind::kAny) return {Cell{}};
    Cells cells;
    // Further copies of a long row make no new atoms.
    const size_t copies =
        once.size() > kAtomBytes ? 1 : std::min<size_t>(node.min, kAtomBytes);
    for (size_t i = 0; i < copies; ++i) {
      cells.insert(cells.end(), once.begin(), once.end());
    }
    if (node.min != node.max || copies != node.min) cells.push_back({});
    return cells;
  }

  const regex::Ast& ast_;
  const Forms forms_;
};

}  // namespace

std::string SlowWarning(std::string_view id) {
  return "string \"" + std::string(id) + "\" may slow down scanning";
}

bool IsSlow(const TextCode& text) {
  for (const Needle& needle : text.needles) {
    Cells cells;
    for (size_t i = 0; i < needle.bytes.size(); i += needle.wide ? 2 : 1) {
      cells.push_back({Cell::Kind::kByte, needle.bytes[i], 1});
    }
    const Forms forms = {!needle.wide, needle.wide, text.xor_min, text.xor_max};
    if (Best(cells, forms).final < kSlowBelow) return true;
  }
  return false;
}

bool HasAtoms(const regex::Ast& ast) {
  return Judge(ast, {}).GradeOfNode(ast.root).plain != kWorst;
}

void OrderAlternatives(regex::Ast& ast, bool greedy) {
  std::vector<uint32_t> todo = {ast.root};
  while (!todo.empty()) {
    const Judge judge(ast, {});
    const uint32_t index = judge.GradeOfNode(todo.back()).alternation;
    todo.pop_back();
    if (index == Grade::kNoNode) continue;
    std::vector<std::pair<size_t, uint32_t>> order;
    for (const uint32_t child : ast.nodes[index].children) {
      order.emplace_back(judge.GradeOfNode(child).end, child);
      todo.push_back(child);
    }
    // What YARA meets last wins in a greedy expression.
    if (greedy) std::reverse(order.begin(), order.end());
    std::stable_sort(order.begin(), order.end(), [&](auto& a, auto& b) {
      return greedy ? a.first > b.first : a.first < b.first;
    });
    for (size_t i = 0; i < order.size(); ++i) {
      ast.nodes[index].children[i] = order[i].second;
    }
  }
}

bool IsSlow(const regex::Ast& ast, bool ascii, bool wide) {
  const Forms forms = {ascii, wide, 0, 0};
  return Judge(ast, forms).GradeOfNode(ast.root).final < kSlowBelow;
}

}  // namespace vitrine::engine::strings
