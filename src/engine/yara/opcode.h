// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The form of ir::Rule::code.
//
//   u8 kCodeVersion
//   varint number of modules, each a counted name
//   node
//
// A node is its opcode, then its operands, then its kids, one after another:
// so a kid always lies after its parent and no node can be reached from
// itself. Every node is read to its end whether or not its value is needed,
// but for the kids of kAnd and kOr and the bodies of loops, whose sizes stand
// before them.
//
//   P     varint: 1 + the pattern's number, or 0 for the loop's current one
//   Q     u8 Quantify, then a node if it is kCount or kPercent
//   SET   varint number of runs, each varint first, varint length
//   PATH  u8 Root, u8 number of module or slot, varint number of steps; each
//         u8 Step: kMember varint field; kIndex, kKey node
namespace vitrine::engine::yara {

inline constexpr uint8_t kCodeVersion = 1;

enum class Opcode : uint8_t {
  kFalse,
  kTrue,
  kInteger,  // varint, zigzag
  kFloat,    // f64
  kText,     // counted
  kRegex,    // counted
  kFilesize,
  kEntrypoint,
  kFound,        // P
  kFoundAt,      // P node
  kFoundIn,      // P node node
  kCount,        // P
  kCountIn,      // P node node
  kOffset,       // P
  kOffsetOf,     // P node
  kLength,       // P
  kLengthOf,     // P node
  kRule,         // varint
  kExternal,     // counted name, u8 ExternalType, its default
  kVariable,     // u8 slot
  kValueAt,      // u8 ScalarType PATH
  kCall,         // u8 module, varint steps through the schema, each varint
                 // field, varint overload, u8 1 and the PATH of the struct
                 // or u8 0, u8 arguments, nodes
  kReadInteger,  // u8 ReadInteger, node
  kNegate,       // node; so are the next three
  kBitNot,
  kNot,
  kDefined,
  kAdd,  // node node; so is all until kMatches
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
  kAnd,       // u32 size of the nodes that follow
  kOr,        // u32 size of the nodes that follow
  kOf,        // Q SET
  kOfIn,      // Q node node SET
  kOfAt,      // Q node SET
  kOfRules,   // Q SET; 1 + the rule's number, 0 for the rule itself
  kForOf,     // Q SET u32 size of the body, node
  kForRange,  // Q u8 slot, node node, u32 size of the body, node
  kForList,   // Q u8 slot, u32 size of the body, node, u32 size of the
              // items, varint number, that many nodes
  kForArray,  // Q u8 slot, u8 ElementType, PATH, u32 size, node
  kForDict,   // as kForArray; the slot of the key, the value has the next
  kLast = kForDict,
};

enum class Quantify : uint8_t { kAll, kAny, kNone, kCount, kPercent };
enum class Root : uint8_t { kModule, kVariable };
enum class Step : uint8_t { kMember, kIndex, kKey };
enum class ExternalType : uint8_t { kInteger, kFloat, kBool, kText };
// What a path must lead to: anything else there is undefined.
enum class ScalarType : uint8_t { kInteger, kFloat, kText, kStruct };
// 1 << (number & 3) bytes; see the bits.
inline constexpr uint8_t kReadWidthMask = 3;  // 0, 1, 2: 8, 16, 32 bits.
inline constexpr uint8_t kReadSigned = 4;
inline constexpr uint8_t kReadBigEndian = 8;

}  // namespace vitrine::engine::yara
