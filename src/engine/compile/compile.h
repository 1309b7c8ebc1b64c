// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "engine/ir/program.h"

// Turns the intermediate form into a compiled database. All cost is paid here:
// which literal stands for a pattern, which patterns stand for a rule, what the
// filter's tables hold.
namespace vitrine::engine::compile {

// The bytes of a .vdb (docs/spec/vdb.md). They depend on `program` and on the
// rarity table in the tree alone: the same on every machine. kLimit where the
// program does not fit the format's 32-bit tables.
Result<ByteVector> Compile(const ir::Program& program);

}  // namespace vitrine::engine::compile
