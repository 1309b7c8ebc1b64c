// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "engine/strings/atom_quality.h"
#include "engine/strings/base64.h"
#include "engine/strings/limits.h"
#include "engine/strings/strings.h"
#include "engine/strings/text_code.h"

namespace vitrine::engine::strings {
namespace {

Error BadMix(const char* one, const char* other) {
  return {Code::kInvalid,
          std::string("invalid modifier combination: ") + one + " " + other};
}

Status CheckBase64(const Modifiers& modifiers) {
  const bool wide = modifiers.base64wide;
  const char* name = wide ? "base64wide" : "base64";
  if (modifiers.nocase) return BadMix(name, "nocase");
  if (modifiers.is_xor) return BadMix(name, "xor");
  if (modifiers.fullword) return BadMix(name, "fullword");
  for (const std::string* alphabet :
       {&modifiers.base64_alphabet, &modifiers.base64wide_alphabet}) {
    if (!alphabet->empty() && alphabet->size() != kBase64AlphabetSize) {
      return Error{Code::kInvalid, "length of base64 alphabet must be 64"};
    }
  }
  if (modifiers.base64 && wide &&
      modifiers.base64_alphabet != modifiers.base64wide_alphabet) {
    return Error{Code::kInvalid, "can not specify multiple alphabets"};
  }
  return Ok();
}

Status CheckModifiers(const Modifiers& modifiers) {
  if (modifiers.is_xor) {
    if (modifiers.nocase) return BadMix("xor", "nocase");
    if (modifiers.xor_min > modifiers.xor_max) {
      return Error{Code::kInvalid, "xor lower bound exceeds upper bound"};
    }
  }
  if (modifiers.base64 || modifiers.base64wide) return CheckBase64(modifiers);
  return Ok();
}

ByteVector Widened(Bytes text) {
  ByteVector wide;
  wide.reserve(text.size() * 2);
  for (const uint8_t byte : text) {
    wide.push_back(byte);
    wide.push_back(0);
  }
  return wide;
}

std::vector<Needle> Needles(Bytes text, const Modifiers& modifiers) {
  std::vector<Needle> plain;
  if (modifiers.ascii || !modifiers.wide) {
    plain.push_back({ByteVector(text.begin(), text.end()), false});
  }
  if (modifiers.wide) plain.push_back({Widened(text), true});
  if (!modifiers.base64 && !modifiers.base64wide) return plain;

  std::vector<Needle> needles;
  const std::string& alphabet = modifiers.base64
                                    ? modifiers.base64_alphabet
                                    : modifiers.base64wide_alphabet;
  for (const Needle& needle : plain) {
    for (ByteVector& form : Base64Forms(needle.bytes, alphabet)) {
      if (modifiers.base64wide) needles.push_back({Widened(form), true});
      if (modifiers.base64) needles.push_back({std::move(form), false});
    }
  }
  return needles;
}

ByteVector FirstBytesOf(const ByteVector& bytes, size_t most) {
  return {bytes.begin(),
          bytes.begin() + static_cast<ptrdiff_t>(std::min(bytes.size(), most))};
}

ir::AtomChoice Atoms(const TextCode& text) {
  ir::AtomChoice choice;
  for (const Needle& needle : text.needles) {
    if (!text.is_xor) {
      choice.push_back(
          {FirstBytesOf(needle.bytes, kAtomBytesMax), text.nocase, 0});
      continue;
    }
    const ByteVector bytes = FirstBytesOf(needle.bytes, kXorAtomBytesMax);
    for (int key = text.xor_min; key <= text.xor_max; ++key) {
      ByteVector masked = bytes;
      for (uint8_t& byte : masked) byte ^= static_cast<uint8_t>(key);
      choice.push_back({std::move(masked), false, 0});
    }
  }
  return choice;
}

}  // namespace

Result<Compiled> CompileText(std::string_view id, Bytes text,
                             const Modifiers& modifiers) {
  TRY(CheckModifiers(modifiers));
  const Error empty{Code::kInvalid, "empty string \"" + std::string(id) + "\""};
  if (text.empty()) return empty;
  TextCode code;
  code.nocase = modifiers.nocase;
  code.fullword = modifiers.fullword;
  code.is_xor = modifiers.is_xor;
  if (modifiers.is_xor) {
    code.xor_min = modifiers.xor_min;
    code.xor_max = modifiers.xor_max;
  }
  code.needles = Needles(text, modifiers);
  if (code.needles.empty()) return empty;

  Compiled compiled;
  compiled.pattern.id = id;
  compiled.pattern.kind = ir::PatternKind::kText;
  compiled.pattern.is_private = modifiers.is_private;
  compiled.pattern.choices.push_back(Atoms(code));
  compiled.pattern.code = Encode(code);
  if (IsSlow(code)) compiled.warnings.push_back(SlowWarning(id));
  return compiled;
}

}  // namespace vitrine::engine::strings
