// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/code.h"
#include "engine/yara/limits.h"
#include "engine/yara/opcode.h"
#include "engine/yara/value.h"
#include "engine/yara/yara.h"

namespace vitrine::engine::yara {

// Runs one rule's code (opcode.h) once. Trusts nothing in it: every read is
// checked, depth and work are bounded. After the first failure everything is
// undefined, so that the way back is short.
class Evaluator {
 public:
  Evaluator(Bytes code, MatchSource& matches, Environment& environment)
      : in_(code),
        size_(code.size()),
        matches_(matches),
        environment_(environment) {}

  Result<bool> Run();

 private:
  // Without initial values: most rules use no module, and hundreds of rules
  // run for each object. ReadImports() fills in those that are used.
  struct Import {
    const char* name;
    size_t name_size;
    const modules::Module* module;
    modules::ModuleContext* context;
  };
  struct Quantity {
    Quantify kind = Quantify::kAll;
    int64_t value = 0;
    bool undefined = false;
  };
  struct Range {
    int64_t low = 0;
    int64_t high = 0;
  };
  // Counts what holds of `size` things, and says when the rest no longer
  // matters.
  class Tally {
   public:
    Tally(const Quantity& quantity, uint64_t size);

    void Add(bool holds) {
      --left_;
      if (holds) ++held_;
    }
    bool Settled() const {
      if (none_) return held_ > 0 || left_ == 0;
      return held_ >= needed_ || left_ < needed_ - held_;
    }
    bool Holds() const { return none_ ? held_ == 0 : held_ >= needed_; }

   private:
    uint64_t left_;
    uint64_t held_ = 0;
    uint64_t needed_ = 0;
    bool none_ = false;
  };

  // One node: reads it to its end.
  Value Node();
  Value Leaf(Opcode code);
  Value Operator(Opcode code);
  Value Unary(Opcode code);
  Value Junction(bool is_and);
  Value External();
  Value ReadInteger();
  Value EntryPoint();
  Value Matches(const Value& text, const Value& regex);

  // Strings (eval_strings.cc).
  Value StringUse(Opcode code);
  Value FoundAt(uint32_t pattern, const Value& offset);
  std::optional<uint64_t> CountIn(uint32_t pattern, const Range& range);
  Value MatchNumber(uint32_t pattern, const Value& index, bool length);
  Value Of(Opcode code);
  std::optional<bool> OfMember(Opcode code, uint64_t number,
                               const Range& range);
  std::optional<uint64_t> SetSize();
  Value ForOf();
  std::optional<uint32_t> PatternOperand();

  // Loops (eval_loops.cc).
  Quantity ReadQuantity();
  std::optional<Range> ReadRange();
  Value ForRange();
  Value ForList();
  Value ForNodes(bool is_dict);
  // One round of the loop; false: no other is needed.
  bool Round(size_t body, Tally& tally);
  // Goes to the end of a counted run of nodes; where it starts.
  size_t SkipCounted();
  // The number of the first of `count` variables.
  uint8_t ReadSlot(size_t count);

  // Modules (eval_modules.cc).
  bool ReadImports();
  Import* ImportAt(uint8_t number);
  const modules::Node* Walk();
  const modules::Node* WalkRoot(uint64_t& steps);
  const modules::Node* WalkStep(const modules::Node* node);
  Value ValueAt();
  Value Call();
  const modules::Field* ReadFunction(const modules::Module& module);

  Value Fail(Code code = Code::kInvalid);
  Value Checked(const std::optional<Value>& value) {
    return value ? *value : Fail();
  }
  // Counts work; false if it was too much.
  bool Tick();
  Bytes bytes();

  CodeReader in_;
  size_t size_;
  MatchSource& matches_;
  Environment& environment_;
  std::optional<Code> failure_;
  uint32_t depth_ = 0;
  uint64_t steps_ = 0;
  std::optional<uint32_t> current_;  // Pattern of the `for ... of`.
  std::array<Value, kVariablesMax> variables_;
  std::array<Import, kModulesMax> imports_;
  size_t import_count_ = 0;
  std::optional<Bytes> bytes_;
};

// A module's scalar as a value of the given type; undefined if it is another.
Value FromModule(const modules::Value& value, ScalarType type);

}  // namespace vitrine::engine::yara
