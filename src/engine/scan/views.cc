// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/views.h"

#include "engine/scan/limits.h"

namespace vitrine::engine::scan {
namespace {

ir::TargetMask Bit(int target) { return 1u << target; }

bool IsHtml(FileType type) { return TargetOf(type) == 3; }
bool IsText(FileType type) { return TargetOf(type) == 7; }

}  // namespace

match::View RawView(Object& object, const ScanOptions& options) {
  match::View view;
  view.bytes = object.bytes();
  view.object = &object;
  view.targets = ir::kTargetYara;
  const FileType type = object.type();
  if (type == FileType::kMSEXE) view.filter_class = vdb::FilterClass::kPe;
  if (object.bytes().size() < kClamavSizeLeast) return view;
  if (IsHtml(type)) {
    if (!options.normalize) view.targets |= ir::kTargetAny | Bit(3);
  } else if (IsText(type)) {
    view.targets |= ir::kTargetAny;
  } else {
    view.targets |= ir::kTargetAny | Bit(TargetOf(type));
  }
  return view;
}

std::vector<NormalisedView> NormalisedViews(Object&, const ScanOptions&,
                                            Session&) {
  return {};
}

}  // namespace vitrine::engine::scan
