// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file_status.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace vitrine {
namespace {

// Read at a time where the size is not told.
constexpr size_t kPiece = 65536;

template <typename Container>
Result<Container> ReadAll(int descriptor, uint64_t size_max,
                          const std::string& name) {
  struct stat status;
  if (FileStatus(descriptor, status) != 0) return SystemError(name, errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::kInvalid, name + ": not a plain file"};
  }
  const auto told = static_cast<uint64_t>(status.st_size);
  if (told > size_max) return Error{Code::kLimit, name + ": too large"};
  Container out;
  // One more than told, to see that there is no more.
  out.resize(told == 0 ? kPiece : static_cast<size_t>(told) + 1);
  size_t have = 0;
  for (;;) {
    const ssize_t got = pread(descriptor, out.data() + have, out.size() - have,
                              static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(name, errno);
    if (got == 0) break;
    have += static_cast<size_t>(got);
    if (have > size_max) return Error{Code::kLimit, name + ": too large"};
    if (have == out.size()) out.resize(have + kPiece);
  }
  out.resize(have);
  return out;
}

Result<UniqueFd> OpenToRead(const std::string& path, Links links) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
                    (links == Links::kRefused ? O_NOFOLLOW : 0);
  UniqueFd file(open(path.c_str(), flags));
  if (!file) return SystemError(path, errno);
  return file;
}

}  // namespace

Result<ByteVector> ReadFile(int descriptor, uint64_t size_max,
                            const std::string& name) {
  return ReadAll<ByteVector>(descriptor, size_max, name);
}

Result<ByteVector> ReadFile(const std::string& path, uint64_t size_max,
                            Links links) {
  const UniqueFd file = TRY(OpenToRead(path, links));
  return ReadAll<ByteVector>(file.get(), size_max, path);
}

Result<std::string> ReadTextFile(const std::string& path, uint64_t size_max,
                                 Links links) {
  const UniqueFd file = TRY(OpenToRead(path, links));
  return ReadAll<std::string>(file.get(), size_max, path);
}

}  // namespace vitrine
