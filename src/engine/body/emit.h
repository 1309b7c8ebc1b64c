// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "base/result.h"
#include "engine/body/ast.h"
#include "engine/body/code.h"
#include "engine/ir/program.h"

namespace vitrine::engine::body {

// Turns parts as read into parts as run. The runs point into the emitter.
class Emitter {
 public:
  Result<CodeVariant> Emit(const Variant& variant);

 private:
  Result<CodePart> EmitPart(const Part& part);
  // Elements from `at` on as far as their length is fixed.
  Block EmitBlock(const Sequence& sequence, size_t& at);
  Run EmitBytes(const Sequence& sequence, size_t& at);
  Run EmitStrings(const Element& element);
  Result<uint32_t> EmitProgram(const Sequence& sequence, size_t at,
                               std::vector<Step>& out);
  Bytes Keep(ByteVector bytes);

  std::deque<ByteVector> bytes_;
};

// Whether Check() can decide all by itself.
bool IsFixed(const CodeVariant& variant);

// The sets of literals of which one is in every match (ir::Pattern::choices).
std::vector<ir::AtomChoice> ChoicesOf(const std::vector<Variant>& variants);

}  // namespace vitrine::engine::body
