// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "sandbox/cage_report.h"
#include "sandbox/filter.h"

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

// Leaves this thread those capabilities of `keep` that it has, and proves it.
// This and the next are parts of DropPrivileges(), without a row, for programs
// that give up some rights and are in no cage.
Status DropCapabilities(std::span<const int> keep);

// Takes all but `keep` out of the bounding set, so that no program to come
// brings one back. Whether they are out: without CAP_SETPCAP it stays as it is.
bool LimitBoundingSet(std::span<const int> keep);

// No dumps and tracers; no capabilities but those of `keep` that it has, and
// securebits that keep others away; no new privileges by exec.
Status DropPrivileges(std::span<const int> keep, CageReport& report);

// Handles all that this kernel's Landlock can, and allows nothing. After
// DropPrivileges(): it wants no_new_privs.
Status RestrictByLandlock(CageReport& report);

// What a service may do with files below a folder, or with one file.
struct Place {
  std::string path;
  enum class Use : uint8_t { kRead, kWrite } use = Use::kRead;
};
enum class Tcp : uint8_t { kNone, kConnect };
// The same for a service: handles what is known today, so that no later
// kernel takes away what it never meant to give up, and allows the places. A
// place that is not there is kNotFound: it would be out of reach for good.
Status RestrictToPlaces(std::span<const Place> places, Tcp tcp,
                        CageReport& report);

// A table of filter.h. The last one: the others are calls it forbids.
Status FilterSystemCalls(const FilterTable& table, CageReport& report);

}  // namespace vitrine::sandbox
