// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "model/diagnostic.h"

// The intermediate form: what every signature language's front end makes and
// the database compiler takes. Plain values, no behaviour.
//
//   literal  bytes that can be found without understanding anything
//   pattern  what must hold around a literal; matched by its kind's code
//   rule     logic over patterns and facts, run by its language's evaluator
//
// Code blobs are position-independent and self-contained (base/code.h).
namespace vitrine::engine::ir {

// The distance from a match's start to a literal is not fixed.
inline constexpr int32_t kVaries = -1;

// A run of bytes. `nocase`: ASCII letters match either case.
struct Literal {
  ByteVector bytes;
  bool nocase = false;
  int32_t offset = kVaries;  // From the match's start to bytes[0], or kVaries.
};

// Every match of the pattern holds at least one of these literals. A pattern
// offers several choices; the compiler takes the rarest.
using AtomChoice = std::vector<Literal>;

enum class PatternKind : uint8_t {
  kText,   // YARA text string with its modifiers (engine/strings).
  kRegex,  // YARA regular expression or hex string (engine/strings).
  kBody,   // ClamAV body pattern with offset and modifiers (engine/body).
};

struct Pattern {
  std::string id;  // "$a", or a subsignature's number; need not be unique.
  PatternKind kind = PatternKind::kText;
  bool is_private = false;  // Never reported.
  ByteVector code;
  std::vector<AtomChoice> choices;  // Empty: can only be searched for.
};

// What must hold for a rule to hold, as far as patterns go: a necessary
// condition, never a sufficient one. The compiler picks from it the cheapest
// set of patterns of which one must have matched.
struct Gate {
  enum class Kind : uint8_t {
    kAlways,   // Nothing is known: the rule may hold without any match.
    kNever,    // Cannot hold (`false`, or a count no input can reach).
    kPattern,  // `index` (in Rule::patterns) matched at least once.
    kRule,     // Rule `index` (in Program::rules) holds.
    kAtLeast,  // `at_least` of `children` hold. AND: all; OR: one.
  };
  Kind kind = Kind::kAlways;
  uint32_t index = 0;
  uint32_t at_least = 0;
  std::vector<Gate> children;
};

// Cheap facts about an object that must hold; checked before the rule runs.
// All integers at an offset are little-endian.
struct Precheck {
  struct Word {
    uint32_t offset = 0;
    uint8_t width = 0;  // Bytes: 1, 2 or 4.
    uint32_t value = 0;
  };
  uint64_t size_min = 0;
  uint64_t size_max = UINT64_MAX;  // Inclusive.
  std::vector<Word> words;
};

enum class Language : uint8_t { kClamav, kYara };

// Which views of an object a rule looks at: a bit a ClamAV target number
// (reference §2.2). Target 0 is any type, raw and normalised; YARA looks at raw
// bytes only, so the compiler gives its rules a bit of their own.
using TargetMask = uint32_t;
inline constexpr TargetMask kTargetAny = 1u << 0;
inline constexpr TargetMask kTargetYara = 1u << 31;

struct Source {
  uint32_t file = 0;  // Index in Program::files.
  uint32_t line = 0;  // From 1.
};

struct Metadata {
  std::string key;
  std::variant<int64_t, bool, std::string> value;
};

struct Rule {
  std::string name;
  Language language = Language::kYara;
  // YARA: rules of other namespaces are invisible; global rules guard theirs.
  uint32_t name_space = 0;
  bool is_global = false;
  bool is_private = false;
  TargetMask targets = kTargetAny;
  std::vector<std::string> tags;
  std::vector<Metadata> metadata;
  Source source;
  std::vector<Pattern> patterns;  // The rule's code numbers them from 0.
  ByteVector code;                // For the language's evaluator.
  Gate gate;
  Precheck precheck;
};

// A digest that is bad (or, for kAllow, good) wherever it is seen.
struct HashSignature {
  enum class Scope : uint8_t {
    kFile,     // .hdb .hsb: the object's bytes.
    kSection,  // .mdb .msb: a PE section's raw bytes.
    kImports,  // .imp: the import hash; size is the import list's length.
    kAllow,    // .fp .sfp: the object's bytes; suppresses alerts.
  };
  static constexpr uint64_t kAnySize = UINT64_MAX;

  Scope scope = Scope::kFile;
  ByteVector digest;  // 16 MD5, 20 SHA-1, 32 SHA-256.
  uint64_t size = kAnySize;
  std::string name;
  Source source;
};

// What is neither rule nor hash: entries that one subsystem reads at scan
// time. `code` is written and read by that subsystem alone.
struct Auxiliary {
  enum class Kind : uint8_t {
    kContainer,    // .cdb
    kFileType,     // .ftm
    kPassword,     // .pwdb
    kPhishing,     // .pdb .wdb .gdb
    kIcon,         // .idb
    kCertificate,  // .crb
    kConfig,       // .cfg
    kExternal,     // A YARA external variable: name, type, default.
  };
  Kind kind = Kind::kContainer;
  std::string name;
  ByteVector code;
  Source source;
};

// Everything that was read, in the order it was read: alerts come in it.
struct Program {
  std::vector<std::string> files;  // As the caller named them.
  std::vector<Rule> rules;
  std::vector<HashSignature> hashes;
  std::vector<Auxiliary> auxiliaries;
  uint32_t name_spaces = 0;  // YARA namespaces used so far.
  Diagnostics diagnostics;
};

// Whether nothing could ever come of a scan. Declared variables do not count.
bool IsEmpty(const Program& program);

}  // namespace vitrine::engine::ir
