// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/html/token.h"

namespace vitrine::html {

// Gives variables, functions and parameters that a script declares the names
// that their declarations' order gives: what obfuscators choose anew for each
// victim is then the same.
void RenameDeclared(TokenList& list);

}  // namespace vitrine::html
