// SPDX-License-Identifier: Apache-2.0
#include "quarantine/key.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"

namespace vitrine::quarantine {
namespace {

Result<crypto::Key256> ReadKey(const std::string& path) {
  const UniqueFd file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return FromErrno(path);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return FromErrno(path);
  if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      (status.st_mode & 077) != 0) {
    return Error{Code::kDenied, path + ": not a file that is ours alone"};
  }
  crypto::Key256 key;
  // One byte more than there should be, to see a longer file.
  std::array<uint8_t, sizeof key + 1> bytes;
  const ssize_t got = read(file.get(), bytes.data(), bytes.size());
  if (got < 0) return FromErrno(path);
  if (got != ssize_t{sizeof key}) {
    return Error{Code::kInvalid, path + ": not a key of 32 bytes"};
  }
  std::copy_n(bytes.begin(), key.size(), key.begin());
  return key;
}

// Put under its name only when it is whole and on the disk; if another program
// was faster, its key stands.
Status MakeKey(const std::string& path) {
  crypto::Key256 key;
  crypto::RandomBytes(key);
  ItemId suffix;
  crypto::RandomBytes(suffix);
  const std::string hidden = path + "." + ToHex(suffix);
  const UniqueFd file(
      open(hidden.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return FromErrno(hidden);
  Status done = WriteContent(file.get(), key);
  if (done.ok() && fsync(file.get()) != 0) done = FromErrno(hidden);
  if (done.ok() && link(hidden.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    done = FromErrno(path);
  }
  unlink(hidden.c_str());
  TRY(std::move(done));
  const size_t slash = path.rfind('/');
  const UniqueFd folder(open(path.substr(0, slash + 1).c_str(),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A key that a power cut takes away again would take the items with it.
  if (!folder || fsync(folder.get()) != 0) return FromErrno(path);
  return Ok();
}

}  // namespace

Result<crypto::Key256> LoadOrMakeKey(const std::string& path) {
  Result<crypto::Key256> key = ReadKey(path);
  if (key.ok() || key.error().code != Code::kNotFound) return key;
  TRY(MakeKey(path));
  return ReadKey(path);
}

crypto::Key256 ItemKey(const crypto::Key256& store_key, const Prefix& prefix) {
  static constexpr std::string_view kLabel = "vitrine quarantine item v1";
  ByteVector message(kLabel.begin(), kLabel.end());
  message.insert(message.end(), prefix.id.begin(), prefix.id.end());
  message.insert(message.end(), prefix.salt.begin(), prefix.salt.end());
  return crypto::HmacSha256(store_key, message);
}

}  // namespace vitrine::quarantine
