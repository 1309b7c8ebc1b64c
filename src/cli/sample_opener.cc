// SPDX-License-Identifier: Apache-2.0
#include "cli/sample_opener.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/bytes.h"
#include "base/system_error.h"
#include "base/write_all.h"

namespace vitrine::cli {
namespace {

// A pipe's bytes are held in memory up to this size, and spooled beyond it.
constexpr size_t kPipeMax = size_t{4} << 20;

// Fills `buffer` from its start; fewer bytes than it holds: the input ended.
Result<size_t> ReadUpTo(int descriptor, ByteVector& buffer) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got =
        read(descriptor, buffer.data() + filled, buffer.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unavailable("read");
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  return filled;
}

// A file without a name on a disk, not in memory.
Result<UniqueFd> MakeSpoolFile() {
  const char* const chosen = std::getenv("TMPDIR");
  for (const char* folder : {chosen, "/var/tmp", "/tmp"}) {
    if (folder == nullptr) continue;
    UniqueFd fd(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd) return fd;
  }
  return Unavailable("no folder for a spool file");
}

// The same file, so opened that it cannot be written: what is handed to a
// scanner. Without /proc it stays as it is; a cage writes to nothing anyway.
UniqueFd OpenedForReading(UniqueFd file) {
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  UniqueFd reading(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return reading ? std::move(reading) : std::move(file);
}

Result<UniqueFd> SpoolPipe(int descriptor) {
  ByteVector buffer(kPipeMax + 1);
  size_t filled = TRY(ReadUpTo(descriptor, buffer));
  UniqueFd spool;
  if (filled < buffer.size()) {
    spool.Reset(memfd_create("stdin", MFD_CLOEXEC));
    if (!spool) return Unavailable("spool in memory");
  } else {
    spool = TRY(MakeSpoolFile());
  }
  while (filled > 0) {
    if (!WriteAll(spool.get(), Bytes(buffer.data(), filled))) {
      return Unavailable("spool file");
    }
    filled = TRY(ReadUpTo(descriptor, buffer));
  }
  return OpenedForReading(std::move(spool));
}

Result<UniqueFd> OpenStandardInput() {
  struct stat status;
  if (fstat(STDIN_FILENO, &status) != 0) return Unavailable("standard input");
  if (!S_ISREG(status.st_mode)) return SpoolPipe(STDIN_FILENO);
  return UniqueFd(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
}

std::string LookUpOwner(unsigned owner) {
  passwd entry;
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwuid_r(owner, &entry, buffer, sizeof buffer, &found) != 0 ||
      found == nullptr) {
    return std::to_string(owner);
  }
  return found->pw_name;
}

}  // namespace

Result<Sample> SampleOpener::Open(const WalkItem& item) {
  Sample sample;
  sample.descriptor =
      TRY(item.kind == WalkItem::Kind::kInput ? OpenStandardInput()
                                              : OpenItem(item));
  struct stat status;
  if (fstat(sample.descriptor.get(), &status) != 0) return Unavailable("fstat");
  sample.owner = OwnerName(status.st_uid);
  return sample;
}

const std::string& SampleOpener::OwnerName(unsigned owner) {
  const auto [place, is_new] = owner_names_.try_emplace(owner);
  if (is_new) place->second = LookUpOwner(owner);
  return place->second;
}

}  // namespace vitrine::cli
