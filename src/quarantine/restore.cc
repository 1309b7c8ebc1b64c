// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "quarantine/attributes.h"
#include "quarantine/limits.h"
#include "quarantine/names.h"
#include "quarantine/store.h"

namespace vitrine::quarantine {
namespace {

Status WriteAt(int file, uint64_t offset, Bytes content) {
  while (!content.empty()) {
    const ssize_t put = pwrite(file, content.data(), content.size(),
                               static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return FromErrno("writing the restored file");
    offset += static_cast<uint64_t>(put);
    content = content.subspan(static_cast<size_t>(put));
  }
  return Ok();
}

// A file in a folder that has no name there yet, or a hidden one where the file
// system knows no nameless files. Nobody else can open it.
class UnnamedFile {
 public:
  static Result<UnnamedFile> Make(int folder) {
    UniqueFd file(openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file) return UnnamedFile(folder, std::move(file), "");
    ItemId random;
    crypto::RandomBytes(random);
    std::string hidden = ".vitrine-" + ToHex(random);
    file.Reset(openat(folder, hidden.c_str(),
                      O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) return FromErrno("making the restored file");
    return UnnamedFile(folder, std::move(file), std::move(hidden));
  }
  ~UnnamedFile() {
    if (!hidden_.empty()) unlinkat(folder_, hidden_.c_str(), 0);
  }
  UnnamedFile(UnnamedFile&& other) noexcept
      : folder_(other.folder_),
        file_(std::move(other.file_)),
        hidden_(std::exchange(other.hidden_, "")) {}

  int get() const { return file_.get(); }

  // Gives it a name that nothing has. EEXIST is kDenied.
  Status Link(const std::string& name) const {
    const std::string self = "/proc/self/fd/" + std::to_string(file_.get());
    const int linked = hidden_.empty() ? linkat(AT_FDCWD, self.c_str(), folder_,
                                                name.c_str(), AT_SYMLINK_FOLLOW)
                                       : linkat(folder_, hidden_.c_str(),
                                                folder_, name.c_str(), 0);
    if (linked == 0) return Ok();
    if (errno == EEXIST) {
      return Error{Code::kDenied, "something stands there already"};
    }
    return FromErrno("naming the restored file");
  }

  // As Link(), in the place of whatever file has the name.
  Status Replace(const std::string& name) const {
    ItemId random;
    crypto::RandomBytes(random);
    const std::string beside = ".vitrine-" + ToHex(random);
    TRY(Link(beside));
    if (renameat(folder_, beside.c_str(), folder_, name.c_str()) == 0) {
      return Ok();
    }
    const Error error = FromErrno("naming the restored file");
    unlinkat(folder_, beside.c_str(), 0);
    return error;
  }

 private:
  UnnamedFile(int folder, UniqueFd file, std::string hidden)
      : folder_(folder), file_(std::move(file)), hidden_(std::move(hidden)) {}

  int folder_;
  UniqueFd file_;
  std::string hidden_;
};

}  // namespace

Result<Restored> Store::Restore(const ItemId& id,
                                const RestoreOptions& options) {
  ItemReader reader = TRY(Read(id, Lock::kAlone));
  const Item& item = reader.item();
  Restored restored;
  restored.path = options.path.empty() ? item.metadata.path : options.path;
  const Place place = TRY(OpenPlace(-1, restored.path));
  const UnnamedFile file = TRY(UnnamedFile::Make(place.folder.get()));
  const ItemReader::Sink write = [&file](uint64_t offset, Bytes content) {
    return WriteAt(file.get(), offset, content);
  };
  TRY(reader.ReadContent(write));
  if (ftruncate(file.get(), static_cast<off_t>(item.seal.size)) != 0) {
    return FromErrno("writing the restored file");
  }
  restored.refused = TRY(GiveAttributes(file.get(), item.metadata));
  if (fsync(file.get()) != 0) return FromErrno("syncing the restored file");
  const Status named =
      options.overwrite ? file.Replace(place.name) : file.Link(place.name);
  if (!named.ok()) return WithContext(named.error(), restored.path);
  if (fsync(place.folder.get()) != 0) {
    return FromErrno("syncing the restored file");
  }
  if (options.keep) return restored;
  // The reader holds the item's lock, and with it the right to drop it.
  Discard(id, kItemSuffix);
  TRY(SyncFolder());
  return restored;
}

Status Store::Export(const ItemId& id, int to) const {
  ItemReader reader = TRY(Read(id, Lock::kShared));
  const ByteVector zeros(64 * 1024, 0);
  uint64_t at = 0;
  const auto fill = [&](uint64_t end) -> Status {
    while (at < end) {
      const size_t step =
          static_cast<size_t>(std::min<uint64_t>(end - at, zeros.size()));
      TRY(WriteContent(to, Bytes(zeros).first(step)));
      at += step;
    }
    return Ok();
  };
  const ItemReader::Sink write = [&](uint64_t offset, Bytes content) -> Status {
    TRY(fill(offset));
    at = offset + content.size();
    return WriteContent(to, content);
  };
  TRY(reader.ReadContent(write));
  return fill(reader.item().seal.size);
}

}  // namespace vitrine::quarantine
