// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "formats/file_type.h"

namespace vitrine::zip {

// What a ZIP archive is used for, by the first of its members' names that
// says so: OOXML_WORD, OOXML_PPT, OOXML_XL, OOXML_HWP, or just ZIP.
FileType Classify(Bytes archive);

}  // namespace vitrine::zip
