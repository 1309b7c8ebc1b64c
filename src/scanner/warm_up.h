// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vitrine::scanner {

// Does now what libraries do when first used and a cage forbids: open files,
// load tables, install handlers. For the main thread, before it is confined.
void WarmUp();

}  // namespace vitrine::scanner
