// SPDX-License-Identifier: Apache-2.0
#include "cli/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace vitrine::cli {
namespace {

// A pipe's bytes are held in memory up to this size, and spooled beyond it.
constexpr size_t kPipeMax = size_t{4} << 20;

Error FromErrno(const char* what) {
  return {Code::kUnavailable, std::string(what) + ": " + std::strerror(errno)};
}

// Fills `buffer` from its start; fewer bytes than it holds: the input ended.
Result<size_t> ReadUpTo(int descriptor, ByteVector& buffer) {
  size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t got =
        read(descriptor, buffer.data() + filled, buffer.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("read");
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  return filled;
}

Status WriteAll(int descriptor, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FromErrno("spool file");
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return Ok();
}

// A file without a name on a disk, not in memory.
Result<UniqueFd> MakeSpoolFile() {
  const char* const chosen = std::getenv("TMPDIR");
  for (const char* folder : {chosen, "/var/tmp", "/tmp"}) {
    if (folder == nullptr) continue;
    UniqueFd fd(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (fd) return fd;
  }
  return FromErrno("no folder for a spool file");
}

}  // namespace

Result<Input> Input::Open(const WalkItem& item, ByteVector& buffer) {
  if (item.kind != WalkItem::Kind::kInput) {
    return FromFile(TRY(OpenItem(item)), buffer);
  }
  struct stat status;
  if (fstat(STDIN_FILENO, &status) != 0) return FromErrno("standard input");
  if (!S_ISREG(status.st_mode)) return FromPipe(STDIN_FILENO, buffer);
  return FromFile(UniqueFd(dup(STDIN_FILENO)), buffer);
}

Result<Input> Input::FromFile(UniqueFd descriptor, ByteVector& buffer) {
  Input input;
  input.file_ = TRY(MappedFile::Open(descriptor.get(), buffer));
  input.owner_ = input.file_->owner();
  return input;
}

Result<Input> Input::FromPipe(int descriptor, ByteVector& buffer) {
  buffer.resize(kPipeMax + 1);
  size_t filled = TRY(ReadUpTo(descriptor, buffer));
  if (filled < buffer.size()) {
    Input input;
    input.owner_ = getuid();
    input.bytes_ = Bytes(buffer.data(), filled);
    return input;
  }
  UniqueFd spool = TRY(MakeSpoolFile());
  while (filled > 0) {
    TRY(WriteAll(spool.get(), Bytes(buffer.data(), filled)));
    filled = TRY(ReadUpTo(descriptor, buffer));
  }
  return FromFile(std::move(spool), buffer);
}

}  // namespace vitrine::cli
