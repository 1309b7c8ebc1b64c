// SPDX-License-Identifier: Apache-2.0
#include "response/identity.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/file_time.h"
#include "base/system_error.h"
#include "response/limits.h"

namespace vitrine::response {

FileFacts FactsOf(const struct statx& status) {
  FileFacts facts;
  facts.key.device =
      (uint64_t{status.stx_dev_major} << 32) | status.stx_dev_minor;
  facts.key.inode = status.stx_ino;
  facts.size = status.stx_size;
  facts.modified_ns = FileTimeNs(status.stx_mtime);
  facts.changed_ns = FileTimeNs(status.stx_ctime);
  facts.owner = status.stx_uid;
  facts.mode = status.stx_mode;
  facts.mount = status.stx_mnt_id;
  return facts;
}

Result<FileFacts> FactsOf(int descriptor) {
  struct statx x;
  if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, kFactsMask,
            &x) != 0) {
    return Unavailable("statx");
  }
  return FactsOf(x);
}

bool Settled(const FileFacts& facts, int64_t now_ns) {
  constexpr int64_t kGrain =
      std::chrono::duration_cast<std::chrono::nanoseconds>(kTimeGrain).count();
  return facts.changed_ns < now_ns - kGrain &&
         facts.modified_ns < now_ns - kGrain;
}

}  // namespace vitrine::response
