// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/file_type.h"
#include "formats/member.h"

// The one door to every unpacker. A new format is a folder and a line in the
// table of unpack.cc.
namespace vitrine {

struct UnpackOptions {
  // Tried on encrypted ZIP members, in this order (.pwdb). Any bytes.
  std::span<const std::string> passwords;
  // Looked at between members and between pieces of a large one.
  Deadline deadline;
  // Also unpack what ClamAV 1.4 passes over: ZIP methods lzma, xz and zstd,
  // ZIPs without a directory, lzma-alone, lz4, ... Off for comparing with it.
  bool beyond_clamav = true;
};

// Whether Unpack() has anything to do for objects of this type.
bool CanUnpack(FileType type);

// Hands the members of `bytes`, an object of `type`, to `sink`, in the
// container's order. Ok when all of it was walked or the sink said stop; what
// could not be looked at on the way went to sink.OnSkipped(). kInvalid: not
// such a container at all (nothing was reported); kDeadline: time ran out
// (what was handed over stands).
Status Unpack(FileType type, Bytes bytes, const UnpackOptions& options,
              MemberSink& sink);

}  // namespace vitrine
