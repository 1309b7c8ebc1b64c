// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/text.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"

// .hdb .hsb .hdu .hsu .fp .sfp: HASH:SIZE:Name[:min[:max]]
// .mdb .msb .mdu .msu:          SIZE:HASH:Name[:min[:max]]
// .imp:                         HASH:SIZE:Name[:min[:max]]
namespace vitrine::engine::clamav {
namespace {

using Scope = ir::HashSignature::Scope;

// "*" for the size needs signatures that say that they know of it.
constexpr uint32_t kLevelOfAnySize = 73;
// clamscan takes sizes that fit into 32 bits, but for its own mark for "*".
constexpr int64_t kSizeMax = 0xfffffffe;

// Unlike everywhere else, what is no number counts as one here: atoi().
uint32_t Level(std::string_view text) {
  return static_cast<uint32_t>(LeadingNumber(text).value_or(0));
}

LineResult Read(std::string_view line, Context& context, Scope scope) {
  const Fields fields(line, ':');
  if (fields.size() < 3 || fields.size() > 5) {
    return Refuse("bad-field-count",
                  "a hash signature has three to five fields");
  }
  const bool size_first = scope == Scope::kSection;
  const std::string_view hash = fields[size_first ? 1 : 0];
  const std::string_view size = fields[size_first ? 0 : 1];
  const std::string_view name = fields[2];
  const uint32_t min = Level(fields[3]);
  if (min > kFunctionalityLevel ||
      (fields.size() == 5 && Level(fields[4]) < kFunctionalityLevel)) {
    return kSkipped;
  }
  ir::HashSignature out;
  out.scope = scope;
  if (size == "*") {
    if (scope != Scope::kImports && min < kLevelOfAnySize) {
      return Refuse("bad-level",
                    "size '*' needs a least functionality level of 73");
    }
  } else {
    std::string_view rest;
    const auto value = LeadingNumber(size, &rest);
    if (!value || !rest.empty() || *value <= 0 || *value > kSizeMax) {
      return Refuse("bad-size", "bad size of a hash signature");
    }
    out.size = static_cast<uint64_t>(*value);
  }
  if (context.Ignores(name)) return kSkipped;
  if (name.empty()) return Refuse("bad-name", "signature without a name");
  auto digest = FromHex(hash);
  if (!digest ||
      (digest->size() != 16 && digest->size() != 20 && digest->size() != 32)) {
    return Refuse("bad-digest",
                  "the hash is neither MD5, SHA-1 nor SHA-256 in hex");
  }
  out.digest = std::move(*digest);
  out.name = name;
  out.source = context.source;
  context.program.hashes.push_back(std::move(out));
  return kTaken;
}

}  // namespace

LineResult ReadFileHash(std::string_view line, Context& context) {
  return Read(line, context, Scope::kFile);
}
LineResult ReadAllowedHash(std::string_view line, Context& context) {
  return Read(line, context, Scope::kAllow);
}
LineResult ReadSectionHash(std::string_view line, Context& context) {
  return Read(line, context, Scope::kSection);
}
LineResult ReadImportHash(std::string_view line, Context& context) {
  return Read(line, context, Scope::kImports);
}

}  // namespace vitrine::engine::clamav
