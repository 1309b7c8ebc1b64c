// SPDX-License-Identifier: Apache-2.0
#include "quarantine/removal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace vitrine::quarantine {
namespace {

// The file's name inside the private folder.
constexpr const char* kInside = "file";

std::string PrivateName(const ItemId& id) { return ".vitrine-" + ToHex(id); }

bool IsSameInode(const FileIdentity& a, const FileIdentity& b) {
  return a.device == b.device && a.inode == b.inode;
}

// Moves without ever replacing what stands at the target.
Status Move(int from, const std::string& name, int to,
            const std::string& new_name) {
  if (renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) ==
      0) {
    return Ok();
  }
  // A file system that does not know the flag: a second link, which never
  // replaces either. It works for files only, and no other is ours.
  if (errno == EINVAL || errno == ENOSYS) {
    if (linkat(from, name.c_str(), to, new_name.c_str(), 0) == 0 &&
        unlinkat(from, name.c_str(), 0) == 0) {
      return Ok();
    }
  }
  return FromErrno("moving a file");
}

// The private folder, made or found; kDenied where what is there is not ours.
Result<UniqueFd> OpenPrivate(const Place& place, const std::string& name) {
  UniqueFd folder(openat(place.folder.get(), name.c_str(),
                         O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder) return FromErrno("opening a private folder");
  struct stat status;
  if (fstat(folder.get(), &status) != 0 || status.st_uid != geteuid() ||
      (status.st_mode & 077) != 0) {
    return Error{Code::kDenied, "a private folder was swapped for another"};
  }
  return folder;
}

// Back to its name, or beside it where that was taken meanwhile: what is not
// ours is never lost.
Status MoveBack(int private_folder, const Place& place, const ItemId& id) {
  if (Move(private_folder, kInside, place.folder.get(), place.name).ok()) {
    return Ok();
  }
  const std::string beside = place.name.substr(0, 200) + PrivateName(id);
  const Status moved =
      Move(private_folder, kInside, place.folder.get(), beside);
  if (moved.ok()) {
    return Error{Code::kUnavailable, "a file was put back as " + beside};
  }
  return moved;
}

void RemovePrivate(const Place& place, const ItemId& id) {
  unlinkat(place.folder.get(), PrivateName(id).c_str(), AT_REMOVEDIR);
}

// Where no folder can be made because the disk is full: look, then remove. In
// between, the folder's owner can only put another name of his own there.
Status RemoveInPlace(const Place& place, const StepHook& hook) {
  if (unlinkat(place.folder.get(), place.name.c_str(), 0) != 0) {
    return FromErrno("removing a file");
  }
  Reached(hook, Step::kRemoved);
  return Ok();
}

bool IsFull(int error) {
  return error == ENOSPC || error == EDQUOT || error == EMLINK;
}

}  // namespace

Status RemoveExactly(const Place& place, const FileIdentity& identity,
                     const ItemId& id, const StepHook& hook) {
  const Error other = {Code::kNotFound, "another file has that name now"};
  const FileIdentity seen = TRY(IdentityAt(place.folder.get(), place.name));
  if (!IsSameInode(seen, identity)) return other;
  const std::string private_name = PrivateName(id);
  if (mkdirat(place.folder.get(), private_name.c_str(), 0700) != 0) {
    if (IsFull(errno)) return RemoveInPlace(place, hook);
    return FromErrno("making a private folder");
  }
  Reached(hook, Step::kPrivateMade);
  const auto inside = OpenPrivate(place, private_name);
  if (!inside.ok()) {
    RemovePrivate(place, id);
    return inside.error();
  }
  const int folder = inside.value().get();
  const Status moved = Move(place.folder.get(), place.name, folder, kInside);
  if (!moved.ok()) {
    RemovePrivate(place, id);
    return moved;
  }
  Reached(hook, Step::kMovedAside);
  const auto held = IdentityAt(folder, kInside);
  Status done = Ok();
  if (!held.ok() || !IsSameInode(held.value(), identity)) {
    done = MoveBack(folder, place, id);
    if (done.ok()) done = other;
  } else if (unlinkat(folder, kInside, 0) != 0) {
    done = FromErrno("removing a file");
    const Status back = MoveBack(folder, place, id);
    if (!back.ok()) done = back;
  } else {
    Reached(hook, Step::kRemoved);
  }
  RemovePrivate(place, id);
  if (done.ok()) Reached(hook, Step::kPrivateGone);
  return done;
}

Result<Leftover> FinishRemoval(const Place& place, const FileIdentity& identity,
                               const ItemId& id) {
  auto inside = OpenPrivate(place, PrivateName(id));
  if (!inside.ok()) {
    if (inside.error().code == Code::kNotFound) return Leftover::kNone;
    return inside.error();
  }
  const int folder = inside.value().get();
  Leftover leftover = Leftover::kNone;
  const auto held = IdentityAt(folder, kInside);
  if (held.ok() && held.value().IsSameFile(identity)) {
    if (unlinkat(folder, kInside, 0) != 0) return FromErrno("removing a file");
    leftover = Leftover::kRemoved;
  } else if (held.ok()) {
    TRY(MoveBack(folder, place, id));
    leftover = Leftover::kMovedBack;
  }
  RemovePrivate(place, id);
  return leftover;
}

}  // namespace vitrine::quarantine
