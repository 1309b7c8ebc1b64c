// SPDX-License-Identifier: Apache-2.0
#include "quarantine/content.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "quarantine/limits.h"
#include "quarantine/place.h"

namespace vitrine::quarantine {
namespace {

// The running digest of content that comes with holes in it.
class SparseHasher {
 public:
  void Add(uint64_t offset, Bytes content) {
    SkipTo(offset);
    if (!ended_) hasher_.Update(content);
    at_ = offset + content.size();
  }
  std::optional<crypto::Sha256Digest> Finish(uint64_t size) {
    SkipTo(size);
    if (ended_) return std::nullopt;
    crypto::Sha256Digest digest;
    std::ranges::copy(hasher_.Finish(), digest.begin());
    return digest;
  }

 private:
  void SkipTo(uint64_t offset) {
    if (offset > kDigestSizeMax) ended_ = true;
    while (!ended_ && at_ < offset) {
      const uint64_t step = std::min<uint64_t>(offset - at_, zeros_.size());
      hasher_.Update(Bytes(zeros_).first(step));
      at_ += step;
    }
  }

  crypto::Hasher hasher_{crypto::Algorithm::kSha256};
  const ByteVector zeros_ = ByteVector(64 * 1024, 0);
  uint64_t at_ = 0;
  bool ended_ = false;  // Too large to be hashed.
};

// The next byte at or behind `at` that is data; `size` where only a hole is
// left. A file system without holes says that all is data.
uint64_t NextData(int file, uint64_t at, uint64_t size) {
  const off_t found = lseek(file, static_cast<off_t>(at), SEEK_DATA);
  if (found >= 0) return std::min(static_cast<uint64_t>(found), size);
  return errno == ENXIO ? size : at;
}

}  // namespace

Result<ContentSummary> ReadContent(int file, const ContentSink& sink) {
  struct stat status;
  if (fstat(file, &status) != 0) return FromErrno("reading a file");
  ContentSummary summary;
  summary.size = static_cast<uint64_t>(status.st_size);
  SparseHasher hasher;
  ByteVector buffer(kChunkSize);
  uint64_t at = 0;
  // What is appended while we read is not waited for: the end is the one that
  // the file had at first, so that a file that grows for ever ends.
  while (at < summary.size) {
    at = NextData(file, at, summary.size);
    const uint64_t want = std::min<uint64_t>(summary.size - at, buffer.size());
    if (want == 0) break;
    const ssize_t got =
        pread(file, buffer.data(), want, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("reading a file");
    if (got == 0) {  // It shrank.
      summary.size = at;
      break;
    }
    const Bytes content = Bytes(buffer).first(static_cast<size_t>(got));
    hasher.Add(at, content);
    TRY(sink(at, content));
    at += content.size();
  }
  summary.sha256 = hasher.Finish(summary.size);
  return summary;
}

Result<crypto::Sha256Digest> DigestOf(int file) {
  struct stat status;
  if (fstat(file, &status) != 0) return FromErrno("reading a file");
  if (static_cast<uint64_t>(status.st_size) > kDigestSizeMax) {
    return Error{Code::kLimit, "file is too large to be hashed"};
  }
  const ContentSummary summary =
      TRY(ReadContent(file, [](uint64_t, Bytes) { return Ok(); }));
  return summary.sha256.value();
}

}  // namespace vitrine::quarantine
