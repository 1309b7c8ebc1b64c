// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "engine/body/body.h"
#include "engine/body/emit.h"
#include "engine/body/offset.h"
#include "engine/body/parse.h"

namespace vitrine::engine::body {
namespace {

// clamscan searches literals of target 0 by another method, which wants more.
constexpr size_t kNdbLiteralMin = 3;

// The forms that the letters after `::` make of a pattern.
Result<std::vector<Variant>> ParseForms(std::string_view hex,
                                        const Modifiers& modifiers,
                                        int target) {
  Form form;
  form.long_anchor = target == 0 || target == 1 || target == 4 || target == 7;
  form.nocase = modifiers.nocase;
  form.fullword = modifiers.fullword;
  form.modified = modifiers.nocase || modifiers.wide || modifiers.fullword ||
                  modifiers.ascii;
  std::vector<Variant> variants;
  if (modifiers.ascii || !modifiers.wide) {
    variants.push_back(TRY(Parse(hex, form)));
  }
  form.wide = modifiers.wide;
  if (form.wide) variants.push_back(TRY(Parse(hex, form)));
  return variants;
}

}  // namespace

Result<ir::Pattern> Compile(std::string_view id, std::string_view hex,
                            std::string_view offset, const Modifiers& modifiers,
                            const Options& options) {
  Header header;
  header.offset = TRY(ParseOffset(offset, options.target));
  const bool literal = std::ranges::all_of(
      hex, [](char c) { return HexDigit(static_cast<uint8_t>(c)) >= 0; });
  if (literal && !options.logical && options.target == 0 &&
      hex.size() / 2 < kNdbLiteralMin) {
    return Error{Code::kInvalid, "a pattern needs three bytes here"};
  }
  const std::vector<Variant> variants =
      TRY(ParseForms(hex, modifiers, options.target));

  Emitter emitter;
  std::vector<CodeVariant> codes;
  for (const Variant& variant : variants) {
    codes.push_back(TRY(emitter.Emit(variant)));
  }
  header.variants = static_cast<uint8_t>(codes.size());
  if (std::ranges::all_of(codes, IsFixed)) header.flags |= kHeaderFixed;
  CodeWriter out;
  WriteHeader(header, out);
  for (const CodeVariant& code : codes) WriteVariant(code, out);

  ir::Pattern pattern;
  pattern.id = std::string(id);
  pattern.kind = ir::PatternKind::kBody;
  pattern.code = out.Take();
  pattern.choices = ChoicesOf(variants);
  return pattern;
}

}  // namespace vitrine::engine::body
