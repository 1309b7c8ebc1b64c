// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/member.h"

namespace vitrine::macho {

// Hands over the architectures of a universal file, in the header's order and
// without names. OnSkipped() says "truncated", "damaged" or "max-members".
// kInvalid: not a universal file. kDeadline: the rest was not
// looked at.
Status Unpack(Bytes bytes, Deadline deadline, MemberSink& sink);

}  // namespace vitrine::macho
