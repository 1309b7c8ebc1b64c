// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/file_type.h"
#include "formats/member.h"

// Archives that libarchive reads: tar, cpio, 7z, RAR, CAB, ISO 9660, XAR, ar,
// LHA, RPM. The only folder that includes it.
namespace vitrine::archive {

bool CanUnpack(FileType type);

// Hands the files in `bytes`, an archive of `type`, to `sink`; folders, links
// and devices are passed over. Compressions around or inside an archive are
// left as they are, for the caller to see as objects of their own: an RPM has
// one member, its payload.
//
// "encrypted", "truncated", "damaged", "work-limit", "max-members" are what
// OnSkipped() may say. Everything happens in memory.
Status Unpack(FileType type, Bytes bytes, Deadline deadline, MemberSink& sink);

}  // namespace vitrine::archive
