// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/text.h"
#include "engine/strings/strings.h"

// Input: what it is, modifiers, a string or code, 0xff, an object. Matches lie
// in the object and rise; each holds an atom of every choice; where the search
// began does not matter; code of any kind is survived.
namespace vitrine::engine::strings {
namespace {

class Sink : public MatchSink {
 public:
  explicit Sink(Bytes object) : object_(object) {}

  bool Add(const Match& match) override {
    if (match.offset > object_.size() ||
        match.length > object_.size() - match.offset) {
      __builtin_trap();
    }
    if (!matches.empty() && match.offset <= matches.back().offset) {
      __builtin_trap();
    }
    matches.push_back(match);
    return matches.size() < 10000;
  }

  std::vector<Match> matches;

 private:
  const Bytes object_;
};

bool HoldsAtom(const ir::AtomChoice& choice, Bytes object, const Match& match) {
  for (const ir::Literal& literal : choice) {
    for (uint64_t at = 0; at < match.length; ++at) {
      if (literal.bytes.size() > match.length - at) break;
      if (literal.offset >= 0 && at != static_cast<uint64_t>(literal.offset)) {
        continue;
      }
      const auto same = [&](uint8_t a, uint8_t b) {
        return a == b || (literal.nocase && ToLower(a) == ToLower(b));
      };
      if (std::equal(literal.bytes.begin(), literal.bytes.end(),
                     object.begin() + static_cast<ptrdiff_t>(match.offset + at),
                     same)) {
        return true;
      }
    }
  }
  return false;
}

void CheckPattern(const ir::Pattern& pattern, Bytes object) {
  const Deadline deadline = Deadline::After(std::chrono::milliseconds(500));
  Sink all(object);
  const Status status =
      FindAll(pattern.kind, pattern.code, object, 0, all, deadline);
  if (!status.ok()) {
    if (status.error().code != Code::kDeadline) __builtin_trap();
    return;
  }
  for (const Match& match : all.matches) {
    for (const ir::AtomChoice& choice : pattern.choices) {
      if (choice.empty() || !HoldsAtom(choice, object, match)) __builtin_trap();
    }
    if (Check(pattern.kind, pattern.code, object, match.offset, 0) ==
        Candidate::kNo) {
      __builtin_trap();
    }
  }
  const uint64_t from = object.size() / 2;
  Sink later(object);
  if (!FindAll(pattern.kind, pattern.code, object, from, later, deadline)
           .ok()) {
    return;
  }
  std::erase_if(all.matches, [&](const Match& m) { return m.offset < from; });
  if (later.matches != all.matches) __builtin_trap();
}

Modifiers ModifiersOf(uint8_t bits) {
  Modifiers modifiers;
  modifiers.nocase = (bits & 1) != 0;
  modifiers.ascii = (bits & 2) != 0;
  modifiers.wide = (bits & 4) != 0;
  modifiers.fullword = (bits & 8) != 0;
  modifiers.is_xor = (bits & 16) != 0;
  modifiers.base64 = (bits & 32) != 0;
  modifiers.base64wide = (bits & 64) != 0;
  modifiers.xor_max = (bits & 128) != 0 ? 7 : 255;
  return modifiers;
}

void Run(uint8_t kind, uint8_t bits, Bytes string, Bytes object) {
  std::optional<Result<Compiled>> compiled;
  Sink sink(object);
  const Deadline deadline = Deadline::After(std::chrono::milliseconds(500));
  switch (kind % 5) {
    case 0:
      compiled = CompileText("$a", string, ModifiersOf(bits));
      break;
    case 1:
      compiled = CompileHex("$a", AsText(string), {});
      break;
    case 2:
      compiled = CompileRegex("$a", AsText(string),
                              (bits & 128) != 0 ? "s" : "", ModifiersOf(bits));
      break;
    case 3:
      (void)FindAll(ir::PatternKind::kText, string, object, bits, sink,
                    deadline);
      (void)Check(ir::PatternKind::kText, string, object, bits, 0);
      return;
    default:
      (void)FindAll(ir::PatternKind::kRegex, string, object, bits, sink,
                    deadline);
      (void)Check(ir::PatternKind::kRegex, string, object, bits, 0);
      return;
  }
  if (compiled->ok()) CheckPattern(compiled->value().pattern, object);
}

}  // namespace
}  // namespace vitrine::engine::strings

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine;
  if (size < 2) return 0;
  const Bytes input(data + 2, size - 2);
  const auto end = std::find(input.begin(), input.end(), 0xff);
  const auto length = static_cast<size_t>(end - input.begin());
  const Bytes object = end == input.end() ? Bytes() : input.subspan(length + 1);
  engine::strings::Run(data[0], data[1], input.first(length), object);
  return 0;
}
