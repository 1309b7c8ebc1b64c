// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/modules/module.h"

// The functions of the pe module: all overloads of each.
namespace vitrine::engine::modules {

extern const Overload kPeImports[8];
extern const Overload kPeImportRva[2];
extern const Overload kPeDelayedImportRva[2];
extern const Overload kPeImphash[1];
extern const Overload kPeExports[3];
extern const Overload kPeExportsIndex[3];
extern const Overload kPeSectionIndex[2];
extern const Overload kPeIsDll[1];
extern const Overload kPeIs32Bit[1];
extern const Overload kPeIs64Bit[1];
extern const Overload kPeRvaToOffset[1];
extern const Overload kPeLocale[1];
extern const Overload kPeLanguage[1];
extern const Overload kPeCalculateChecksum[1];
extern const Overload kPeRichVersion[2];
extern const Overload kPeRichToolid[2];
extern const Overload kPeSignatureValidOn[1];

}  // namespace vitrine::engine::modules
