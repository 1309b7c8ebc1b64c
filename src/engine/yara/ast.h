// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/program.h"
#include "engine/modules/module.h"
#include "engine/strings/strings.h"
#include "engine/yara/diagnostics.h"
#include "engine/yara/yara.h"

// Rules as written, and what the checks (sema.h) find out about them.
namespace vitrine::engine::yara {

enum class Op : uint8_t {
  // Leaves.
  kBool,
  kInteger,
  kFloat,
  kText,
  kRegex,
  kFilesize,
  kEntrypoint,
  // Strings of the rule: `text` names one, "" is the current one of a loop.
  kFound,    // $a
  kFoundAt,  // $a at kids[0]
  kFoundIn,  // $a in (kids[0]..kids[1])
  kCount,    // #a
  kCountIn,  // #a in (kids[0]..kids[1])
  kOffset,   // @a, @a[kids[0]]
  kLength,   // !a, !a[kids[0]]
  // Names and what is reached through them.
  kName,    // text
  kMember,  // kids[0].text
  kIndex,   // kids[0][kids[1]]
  kCall,    // kids[0](kids[1], ...)
  // Operators.
  kReadInteger,  // text(kids[0]): uint16, int8be, ...
  kNegate,
  kBitNot,
  kNot,
  kDefined,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kContains,
  kIContains,
  kStartsWith,
  kIStartsWith,
  kEndsWith,
  kIEndsWith,
  kIEquals,
  kMatches,
  kAnd,  // Any number of kids.
  kOr,   // Any number of kids.
  // Quantified: see Expr::selection and Expr::loop.
  kOf,     // N of set
  kForOf,  // for N of set : ( kids[0] )
  kForIn,  // for N i in ... : ( kids[0] )
};

// What an expression yields. A bool is no integer to YARA, but a bool of a
// module or of an external variable is one.
enum class ValueType : uint8_t {
  kBool,
  kInteger,
  kFloat,
  kText,
  kRegex,
  kObject,  // A module, struct, array, dictionary or function.
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Quantifier {
  enum class Kind : uint8_t { kAll, kAny, kNone, kCount, kPercent };
  Kind kind = Kind::kAll;
  ExprPtr value;  // Of kCount and kPercent.
};

// A member of a set that stands for the rule itself, which does not hold while
// it is being evaluated.
inline constexpr uint32_t kSelf = UINT32_MAX;

// The set of an `of`.
struct Selection {
  struct Item {
    std::string name;
    bool wildcard = false;
    Position at;
  };
  enum class Where : uint8_t { kAnywhere, kIn, kAt };

  bool of_rules = false;
  std::vector<Item> items;
  Where where = Where::kAnywhere;
  std::vector<ExprPtr> bounds;  // Two of kIn, one of kAt.

  // Found by the checks: numbers of patterns, or of rules, or kSelf.
  std::vector<uint32_t> members;
};

// What a `for ... in` goes over.
struct Loop {
  enum class Kind : uint8_t { kRange, kList, kObject };
  enum class Shape : uint8_t { kScalars, kArray, kDict };

  std::vector<std::string> variables;
  Kind kind = Kind::kRange;
  std::vector<ExprPtr> items;  // Two bounds, a list, or one object.

  // Found by the checks.
  Shape shape = Shape::kScalars;
  uint32_t first_slot = 0;
};

// Where a name leads, found by the checks.
struct Resolved {
  enum class Kind : uint8_t { kNothing, kVariable, kModule, kRule, kExternal };
  Kind kind = Kind::kNothing;
  uint32_t index = 0;  // Slot, module of the rule, or rule (or kSelf).
  // Of an object: what it is. Null for a module itself.
  const modules::Field* field = nullptr;
  const modules::Module* module = nullptr;
  uint32_t module_slot = 0;  // `module` among the rule's.
  bool is_element = false;   // One element of `field`, an array or dictionary.
  // Of a variable: what its loop goes over.
  const struct Expr* origin = nullptr;
  const External* external = nullptr;
};

struct Expr {
  Op op = Op::kBool;
  Position at;
  bool primary = false;  // May be an operand of an operator.
  uint32_t depth = 1;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  std::string flags;
  std::vector<ExprPtr> kids;
  Quantifier quantifier;
  std::unique_ptr<Selection> selection;
  std::unique_ptr<Loop> loop;

  // Found by the checks.
  ValueType type = ValueType::kBool;
  Resolved resolved;
  ByteVector regex;        // Of kRegex: its program.
  uint32_t pattern = 0;    // Of kFound..kLength that name one.
  uint32_t overload = 0;   // Of kCall.
  bool is_method = false;  // Of kCall: takes the struct it is found in.
  // The value as YARA's compiler knows it, external variables' defaults
  // included: for errors and warnings only.
  std::optional<int64_t> known;
  // The value, the same in every scan: for folding and for gates.
  std::optional<int64_t> constant;
};

struct StringDecl {
  enum class Kind : uint8_t { kText, kHex, kRegex };
  Kind kind = Kind::kText;
  std::string name;  // Without $; "" if anonymous.
  Position at;
  std::string value;
  std::string flags;
  strings::Modifiers modifiers;
  bool referenced = false;  // Found by the checks.
};

struct RuleDecl {
  std::string name;
  Position at;  // Of the name.
  bool is_global = false;
  bool is_private = false;
  std::vector<std::string> tags;
  std::vector<ir::Metadata> metadata;
  std::vector<StringDecl> strings;
  ExprPtr condition;

  // Found by the checks.
  std::vector<const modules::Module*> modules;
};

}  // namespace vitrine::engine::yara
