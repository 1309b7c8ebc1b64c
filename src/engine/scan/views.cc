// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/views.h"

#include <utility>

#include "engine/scan/limits.h"
#include "formats/html/html.h"
#include "formats/text/normalise.h"

namespace vitrine::engine::scan {
namespace {

ir::TargetMask Bit(int target) { return 1u << target; }

// An option's budget, of which 0 is none.
uint64_t Budget(uint64_t option) { return option == 0 ? UINT64_MAX : option; }

bool IsHtml(FileType type) { return TargetOf(type) == 3; }
bool IsText(FileType type) { return TargetOf(type) == 7; }

// The filter that looks for all rules of `targets` in raw bytes of a type.
vdb::FilterClass FilterFor(FileType type, ir::TargetMask targets) {
  if (type == FileType::kMSEXE) return vdb::FilterClass::kPe;
  if (type == FileType::kELF) return vdb::FilterClass::kElf;
  const bool is_text = IsText(type) || IsHtml(type);
  return is_text && (targets & ~(ir::kTargetAny | ir::kTargetYara)) == 0
             ? vdb::FilterClass::kText
             : vdb::FilterClass::kRaw;
}

}  // namespace

match::View RawView(Object& object, const ScanOptions& options) {
  match::View view;
  view.bytes = object.bytes();
  view.object = &object;
  view.targets = ir::kTargetYara;
  const FileType type = object.type();
  if (object.bytes().size() >= kClamavSizeLeast) {
    if (IsHtml(type)) {
      if (!options.normalize || !options.scan_html) {
        view.targets |= ir::kTargetAny | Bit(3);
      }
    } else if (IsText(type)) {
      view.targets |= ir::kTargetAny;
    } else {
      view.targets |= ir::kTargetAny | Bit(TargetOf(type));
    }
  }
  view.filter_class = FilterFor(type, view.targets);
  return view;
}

namespace {

NormalisedViews TextViews(Object& object, const ScanOptions& options,
                          Session& session) {
  text::Normalised text =
      text::Normalise(object.bytes(), Budget(options.max_scriptnormalize));
  if (text.cut) session.AddLimit(session.frame().path, "max-scriptnormalize");
  NormalisedViews out;
  out.views.push_back({std::move(text.bytes), ir::kTargetAny | Bit(7)});
  return out;
}

NormalisedViews HtmlViews(Object& object, const ScanOptions& options,
                          Session& session) {
  html::Limits limits;
  limits.input_max = Budget(options.max_htmlnormalize);
  limits.notags_max = Budget(options.max_htmlnotags);
  limits.script_max = Budget(options.max_scriptnormalize);
  const ByteVector narrow = object.type() == FileType::kHTML_UTF16
                                ? html::FromUtf16(object.bytes())
                                : ByteVector();
  html::Views html =
      html::Normalise(narrow.empty() ? object.bytes() : Bytes(narrow), limits);
  if (html.cut) session.AddLimit(session.frame().path, "max-htmlnormalize");
  NormalisedViews out;
  const ir::TargetMask markup = ir::kTargetAny | Bit(3);
  out.views.push_back({std::move(html.nocomment), markup});
  out.views.push_back({std::move(html.notags), markup});
  if (!html.script.empty()) {
    out.views.push_back({std::move(html.script), markup | Bit(7)});
  }
  for (html::DataUrl& url : html.data) {
    out.members.push_back(std::move(url.bytes));
  }
  return out;
}

}  // namespace

NormalisedViews Normalise(Object& object, const ScanOptions& options,
                          Session& session) {
  // clamscan's option for HTML is one for texts, too.
  if (!options.scan_html) return {};
  if (IsText(object.type())) return TextViews(object, options, session);
  if (IsHtml(object.type())) return HtmlViews(object, options, session);
  return {};
}

}  // namespace vitrine::engine::scan
