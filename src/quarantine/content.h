// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"

// A file's content and attributes, read from and given to open descriptors.
namespace vitrine::quarantine {

struct ContentSummary {
  uint64_t size = 0;                           // Where the end was met.
  std::optional<crypto::Sha256Digest> sha256;  // None above kDigestSizeMax.
};

// Reads the whole of a regular file, its holes skipped where the file system
// knows them, in pieces of at most kChunkSize, ascending. The digest is that of
// the content with its holes. Memory: one piece.
using ContentSink = std::function<Status(uint64_t offset, Bytes content)>;
Result<ContentSummary> ReadContent(int file, const ContentSink& sink);

// As ReadContent(), for the digest alone. kLimit above kDigestSizeMax.
Result<crypto::Sha256Digest> DigestOf(int file);

}  // namespace vitrine::quarantine
