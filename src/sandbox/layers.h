// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "base/result.h"
#include "sandbox/cage_report.h"

namespace vitrine::sandbox {

// The layers that Confine() puts on, one by one, for it and for the test that
// takes a single one away. Each acts on the calling process for good and sets
// its own rows; a kernel that does not have it makes an absent row, and a
// layer that half succeeded an error.

// An empty, read-only folder becomes the root, and nothing else is mounted.
// Needs a mount namespace of our own, and CAP_SYS_ADMIN in it.
Status EnterEmptyRoot(CageReport& report);

// Closes all descriptors but 0 to 3 and those of `keep`.
Status CloseDescriptors(std::span<const int> keep, CageReport& report);

// No files, processes, locks or queues; what Launch() set stays.
Status LowerLimits(CageReport& report);

// No dumps and tracers; no capabilities, and securebits that keep them away;
// no new privileges by exec.
Status DropPrivileges(CageReport& report);

// Handles all that this kernel's Landlock can, and allows nothing. After
// DropPrivileges(): it wants no_new_privs.
Status RestrictByLandlock(CageReport& report);

// The table of filter.h. The last one: the others are calls it forbids.
Status FilterSystemCalls(CageReport& report);

}  // namespace vitrine::sandbox
