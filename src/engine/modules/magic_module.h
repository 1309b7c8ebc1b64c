// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vitrine::engine::modules {

// Loads libmagic's database for this thread; false where there is none. The
// magic module does it when first asked; a process that is about to lose the
// right to open files calls this before.
bool PrepareMagic();

}  // namespace vitrine::engine::modules
