// SPDX-License-Identifier: Apache-2.0
#include "doorman/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#include <utility>

#include "base/system_error.h"
#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

Result<UniqueFd> UnlinkedFile(const std::string& folder) {
  UniqueFd file(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file) return file;
  // File systems without O_TMPFILE.
  std::string name = folder + "/vitrine-spool.XXXXXX";
  file.Reset(mkostemp(name.data(), O_CLOEXEC));
  if (!file) return Unavailable("spool");
  unlink(name.c_str());
  return file;
}

}  // namespace

Status Spool::Open() {
  use_.memory -= at_hand_.size();
  const std::string content = std::exchange(at_hand_, {});
  in_memory_ = use_.memory < kSpoolMemoryAll;
  if (in_memory_) {
    file_.Reset(memfd_create("sample", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file_) return Unavailable("memfd_create");
  } else {
    file_ = TRY(UnlinkedFile(folder_));
  }
  return Write(AsBytes(content));
}

Status Spool::MoveToFile() {
  UniqueFd file = TRY(UnlinkedFile(folder_));
  off_t from = 0;
  while (static_cast<uint64_t>(from) < size_) {
    const ssize_t moved = sendfile(file.get(), file_.get(), &from,
                                   size_ - static_cast<uint64_t>(from));
    if (moved <= 0) return Unavailable("spool");
  }
  file_ = std::move(file);
  use_.memory -= size_;
  in_memory_ = false;
  return Ok();
}

Status Spool::Write(Bytes content) {
  while (!content.empty()) {
    const ssize_t written = pwrite(file_.get(), content.data(), content.size(),
                                   static_cast<off_t>(size_));
    if (written < 0) {
      if (errno == EINTR) continue;
      return Unavailable("spool");
    }
    size_ += static_cast<uint64_t>(written);
    if (in_memory_) use_.memory += static_cast<uint64_t>(written);
    content = content.subspan(static_cast<size_t>(written));
  }
  return Ok();
}

Status Spool::Append(Bytes content) {
  uint64_t& of_peer = use_.peers[peer_];
  if (content.size() > kSpoolAll - use_.all ||
      content.size() > kSpoolAPeer - of_peer) {
    if (of_peer == 0) use_.peers.erase(peer_);
    return Error{Code::kLimit, "too many bytes in streams"};
  }
  of_peer += content.size();
  use_.all += content.size();
  counted_ += content.size();
  if (!file_ && at_hand_.size() + content.size() <= kSpoolAtHand) {
    at_hand_ += AsText(content);
    use_.memory += content.size();
    return Ok();
  }
  if (!file_) TRY(Open());
  if (in_memory_ && size_ + content.size() > kSpoolMemory) TRY(MoveToFile());
  return Write(content);
}

Result<UniqueFd> Spool::Take() {
  if (!file_) TRY(Open());
  if (in_memory_ &&
      fcntl(file_.get(), F_ADD_SEALS,
            F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
    return Unavailable("F_ADD_SEALS");
  }
  return std::move(file_);
}

void Spool::Forget() {
  use_.memory -= at_hand_.size();
  at_hand_.clear();
  file_.Reset();
  if (in_memory_) use_.memory -= size_;
  size_ = 0;
  use_.all -= counted_;
  if (counted_ != 0) {
    const auto entry = use_.peers.find(peer_);
    entry->second -= counted_;
    if (entry->second == 0) use_.peers.erase(entry);
  }
  counted_ = 0;
}

}  // namespace vitrine::doorman
