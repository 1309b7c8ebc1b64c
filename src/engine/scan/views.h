// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/match/matcher.h"
#include "engine/object/object.h"
#include "engine/scan/session.h"

namespace vitrine::engine::scan {

// The object's own bytes, and who looks at them: YARA; ClamAV's target 0 and
// the target of the object's type. Of text and HTML, the type's own target
// looks at the normalised form only, as in clamscan; of HTML, target 0 too.
match::View RawView(Object& object, const ScanOptions& options);

struct NormalisedView {
  ByteVector bytes;
  ir::TargetMask targets = 0;
};

struct NormalisedViews {
  std::vector<NormalisedView> views;
  std::vector<ByteVector> members;  // Of HTML: what data: URLs hold.
};

// Text or HTML as target 7 and 3 see it; none for other types. What a budget
// cut off goes to `session`.
NormalisedViews Normalise(Object& object, const ScanOptions& options,
                          Session& session);

}  // namespace vitrine::engine::scan
