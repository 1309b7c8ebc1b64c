// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/member.h"

namespace vitrine::arj {

// Hands the files of an ARJ archive that starts at the first byte to `sink`.
// OnSkipped() says "encrypted", "truncated", "damaged", "checksum" (the bytes
// were handed over all the same), "unsupported-method" or "max-members".
Status Unpack(Bytes archive, Deadline deadline, MemberSink& sink);

}  // namespace vitrine::arj
