// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "quarantine/item.h"
#include "quarantine/place.h"
#include "quarantine/step.h"

// Taking a name from a folder that an attacker may be working in.
//
// unlinkat(2) takes a name, and what the name means can change between a look
// at it and the call. So the file is first moved into a folder that only we can
// enter, made beside it for this; there it is compared with the file that is
// meant, at leisure, and then either removed or moved back.
namespace vitrine::quarantine {

// Removes `place.name`, if it is the file `identity`. That file must be held
// open, so that its inode cannot be another's. kNotFound: another file, or
// none, has that name; nothing was changed. Another error: the file is where
// it was, or under the name in the message.
Status RemoveExactly(const Place& place, const FileIdentity& identity,
                     const ItemId& id, const StepHook& hook);

// What a crash in RemoveExactly() left behind. If the file in the private
// folder is the one of `identity` (which nobody holds open now: sizes and times
// count), it is removed; any other is moved back.
enum class Leftover : uint8_t { kNone, kRemoved, kMovedBack };
Result<Leftover> FinishRemoval(const Place& place, const FileIdentity& identity,
                               const ItemId& id);

}  // namespace vitrine::quarantine
