// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/file_type.h"
#include "formats/member.h"

namespace vitrine::codec {

// Whether `type` is one of the single-file compressions below.
bool CanUnpack(FileType type);

// Hands what `bytes`, a .gz, .bz2, .xz, .lzma, .zst, .lz4, .Z or SZDD file,
// holds to `sink`: one member, under the name the header has, if any. Damaged
// or cut input: what came out, with `whole` false, and OnSkipped() with why.
Status Unpack(FileType type, Bytes bytes, Deadline deadline, MemberSink& sink);

}  // namespace vitrine::codec
