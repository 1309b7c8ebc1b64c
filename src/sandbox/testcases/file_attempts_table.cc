// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

using enum Attempt::End;
constexpr uint8_t kOutside = Attempt::kWorksOutside;
constexpr uint8_t kTwice = Attempt::kHeldTwice;
constexpr uint8_t kBoth = kOutside | kTwice;

constexpr char kSecret[] = "/etc/passwd";

long OpenByStructure(const Handed&) {
  open_how how = {};
  how.flags = O_RDONLY;
  return syscall(SYS_openat2, AT_FDCWD, kSecret, &how, sizeof how);
}

long ReopenForWriting(const Handed& handed) {
  char path[] = "/proc/self/fd/000";
  path[14] = static_cast<char>('0' + handed.sample / 100 % 10);
  path[15] = static_cast<char>('0' + handed.sample / 10 % 10);
  path[16] = static_cast<char>('0' + handed.sample % 10);
  return syscall(SYS_open, path, O_RDWR);
}

long StatPath(const Handed&) {
  struct stat facts;
  return syscall(SYS_newfstatat, AT_FDCWD, kSecret, &facts, 0);
}

long ExtendedStat(const Handed&) {
  struct statx facts;
  return syscall(SYS_statx, AT_FDCWD, kSecret, 0, STATX_BASIC_STATS, &facts);
}

long ReadLink(const Handed&) {
  char target[64];
  return syscall(SYS_readlink, "/proc/self/exe", target, sizeof target);
}

long WorkingFolder(const Handed&) {
  char path[64];
  // The name of the folder: in the empty root, "/" tells nothing.
  return syscall(SYS_getcwd, path, sizeof path);
}

long ListFolder(const Handed&) {
  const long folder = syscall(SYS_open, "/etc", O_RDONLY | O_DIRECTORY);
  char entries[1024];
  return folder < 0 ? -1
                    : syscall(SYS_getdents64, folder, entries, sizeof entries);
}

long ListHanded(const Handed& handed) {
  char entries[1024];
  return syscall(SYS_getdents64, handed.sample, entries, sizeof entries);
}

long NameToHandle(const Handed&) {
  alignas(file_handle) char room[sizeof(file_handle) + MAX_HANDLE_SZ];
  auto* const handle = reinterpret_cast<file_handle*>(room);
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount_id;
  return syscall(SYS_name_to_handle_at, AT_FDCWD, kSecret, handle, &mount_id,
                 0);
}

long OpenByHandle(const Handed& handed) {
  alignas(file_handle) char room[sizeof(file_handle) + 8] = {};
  auto* const handle = reinterpret_cast<file_handle*>(room);
  handle->handle_bytes = 8;
  handle->handle_type = 1;
  return syscall(SYS_open_by_handle_at, handed.sample, handle, O_RDONLY);
}

long LockFile(const Handed& handed) {
  struct flock lock = {};
  lock.l_type = F_RDLCK;
  return syscall(SYS_fcntl, handed.sample, F_SETLK, &lock);
}

long Watch(const Handed&) {
  const long watcher = syscall(SYS_inotify_init1, 0);
  return watcher < 0
             ? -1
             : syscall(SYS_inotify_add_watch, watcher, "/etc", 0x00000fff);
}

// Left open by the executor, and not marked to be closed.
long ReadForgotten(const Handed&) {
  char byte;
  return syscall(SYS_read, kForgottenDescriptor, &byte, 1);
}

long ReadEnvironment(const Handed&) {
  if (getenv("PATH") != nullptr) return 0;
  errno = ENOENT;
  return -1;
}

constexpr Attempt kAttempts[] = {
    // Opening, by each call that can.
    {"open", CALLS(SYS_open, kSecret, O_RDONLY), kReadSample, kKilled, kBoth},
    {"openat", CALLS(SYS_openat, AT_FDCWD, kSecret, O_RDONLY), kReadSample,
     kKilled, kBoth},
    {"openat2", OpenByStructure, kReadSample, kKilled, kBoth},
    {"openat below a handed file", CALLS(SYS_openat, handed.sample, "..", 0),
     kReadSample, kKilled, kTwice},
    {"openat O_PATH", CALLS(SYS_openat, AT_FDCWD, "/etc", O_PATH), kReadSample,
     kKilled, kBoth},
    {"open the root", CALLS(SYS_open, "/", O_RDONLY | O_DIRECTORY), kReadSample,
     kKilled, kBoth},
    {"open above the root", CALLS(SYS_open, "/../../etc/passwd", O_RDONLY),
     kReadSample, kKilled, kBoth},
    {"open /proc/self/mem", CALLS(SYS_open, "/proc/self/mem", O_RDWR),
     kReadSample, kKilled, kBoth},
    {"open /proc/1/environ", CALLS(SYS_open, "/proc/1/environ", O_RDONLY),
     kReadSample, kKilled, kTwice},
    {"open /proc/self/exe", CALLS(SYS_open, "/proc/self/exe", O_RDONLY),
     kReadSample, kKilled, kBoth},
    {"open /dev/tty", CALLS(SYS_open, "/dev/tty", O_RDWR), kReadSample, kKilled,
     kTwice},
    {"open a handed file for writing", ReopenForWriting, kReadSample, kKilled,
     kTwice},
    {"creat", CALLS(SYS_creat, "/vitrine-cage-test", 0600), kReadSample,
     kKilled, kTwice},
    {"open O_TMPFILE", CALLS(SYS_open, "/tmp", O_TMPFILE | O_RDWR, 0600),
     kReadSample, kKilled, kTwice},
    {"name_to_handle_at", NameToHandle, kStatSample, kKilled, kTwice},
    {"open_by_handle_at", OpenByHandle, kReadSample, kKilled, kTwice},
    {"a forgotten descriptor", ReadForgotten, kReadSample, kRefused, kBoth},

    {"read from the error output", CALLS(SYS_read, 2, nullptr, 0), kReadSample},
    {"copy the error output", CALLS(SYS_fcntl, 2, F_DUPFD_CLOEXEC, 9),
     kDuplicate, kKilled, kOutside},

    // Looking.
    {"newfstatat", StatPath, kStatSample, kKilled, kBoth},
    {"stat", CALLS(SYS_stat, kSecret, nullptr), kStatSample},
    {"statx", ExtendedStat, kStatSample, kKilled, kBoth},
    {"access", CALLS(SYS_access, kSecret, F_OK), kStatSample, kKilled, kBoth},
    {"faccessat2", CALLS(SYS_faccessat2, AT_FDCWD, kSecret, F_OK, 0),
     kStatSample, kKilled, kBoth},
    {"readlink", ReadLink, kStatSample, kKilled, kBoth},
    {"getcwd", WorkingFolder, kStatSample, kKilled, kOutside},
    {"getdents64", ListFolder, kReadSample, kKilled, kBoth},
    {"getdents64 of a handed file", ListHanded, kReadSample, kKilled, kTwice},
    {"statfs", CALLS(SYS_fstatfs, handed.sample, nullptr), kStatSample},
    {"fgetxattr", CALLS(SYS_flistxattr, handed.sample, nullptr, 0), kStatSample,
     kKilled, kOutside},
    {"the environment", ReadEnvironment, kKnowItself, kRefused, kBoth},

    // Changing what was handed over for reading.
    {"write to a sample", CALLS(SYS_write, handed.sample, "x", 1), kReadSample,
     kKilled, kTwice},
    {"pwrite64", CALLS(SYS_pwrite64, handed.sample, "x", 1, 0), kReadSample,
     kKilled, kTwice},
    {"write to the database", CALLS(SYS_write, handed.database, "x", 1),
     kMapDatabase, kKilled, kTwice},
    {"ftruncate", CALLS(SYS_ftruncate, handed.sample, 0), kStatSample, kKilled,
     kTwice},
    {"fallocate", CALLS(SYS_fallocate, handed.sample, 0, 0, 4096), kStatSample,
     kKilled, kTwice},
    {"fchmod", CALLS(SYS_fchmod, handed.sample, 0777), kStatSample},
    {"fchown", CALLS(SYS_fchown, handed.sample, 0, 0), kStatSample},
    {"fsetxattr", CALLS(SYS_fsetxattr, handed.sample, "user.x", "x", 1, 0),
     kStatSample},
    {"utimensat", CALLS(SYS_utimensat, handed.sample, nullptr, nullptr, 0),
     kStatSample},
    {"copy_file_range",
     CALLS(SYS_copy_file_range, handed.sample, nullptr, handed.database,
           nullptr, 1, 0),
     kReadSample, kKilled, kTwice},
    {"sendfile", CALLS(SYS_sendfile, 3, handed.sample, nullptr, 1), kReadSample,
     kKilled, kOutside},
    {"splice", CALLS(SYS_splice, handed.sample, nullptr, 3, nullptr, 1, 0),
     kReadSample},
    {"flock", CALLS(SYS_flock, handed.sample, LOCK_SH | LOCK_NB), kStatSample,
     kKilled, kOutside},
    {"fcntl F_SETLK", LockFile, kDuplicate, kKilled, kOutside},
    {"fcntl F_SETLEASE", CALLS(SYS_fcntl, handed.sample, F_SETLEASE, F_RDLCK),
     kDuplicate},
    {"fcntl F_SETFL", CALLS(SYS_fcntl, handed.sample, F_SETFL, O_APPEND),
     kDuplicate, kKilled, kOutside},
    {"fcntl F_SETOWN", CALLS(SYS_fcntl, 3, F_SETOWN, 1), kDuplicate},
    {"fcntl F_NOTIFY", CALLS(SYS_fcntl, handed.sample, F_NOTIFY, 1),
     kDuplicate},
    {"fcntl F_ADD_SEALS", CALLS(SYS_fcntl, handed.database, F_ADD_SEALS, 1),
     kCheckSeals, kKilled, kTwice},
    {"ioctl of a sample", CALLS(SYS_ioctl, handed.sample, FS_IOC_GETFLAGS, 0),
     kStatSample},
    {"ioctl TIOCSTI", CALLS(SYS_ioctl, 2, 0x5412, "x"), kAnswer, kKilled,
     kTwice},

    // Changing the tree.
    {"mkdir", CALLS(SYS_mkdir, "/vitrine-cage-test", 0700), kReadSample,
     kKilled, kTwice},
    {"mknod", CALLS(SYS_mknod, "/vitrine-cage-test", S_IFCHR | 0600, 0x101),
     kReadSample, kKilled, kTwice},
    {"symlink", CALLS(SYS_symlink, "/etc", "/vitrine-cage-test"), kReadSample,
     kKilled, kTwice},
    {"linkat of a handed file",
     CALLS(SYS_linkat, handed.sample, "", AT_FDCWD, "/vitrine-cage-test",
           AT_EMPTY_PATH),
     kReadSample, kKilled, kTwice},
    {"unlink", CALLS(SYS_unlink, "/vitrine-cage-test"), kReadSample, kKilled,
     kTwice},
    {"rename", CALLS(SYS_rename, "/vitrine-cage-test", "/x"), kReadSample,
     kKilled, kTwice},
    {"chmod", CALLS(SYS_chmod, "/", 0777), kReadSample, kKilled, kTwice},
    {"chdir", CALLS(SYS_chdir, "/etc"), kReadSample, kKilled, kBoth},
    {"fchdir", CALLS(SYS_fchdir, handed.sample), kReadSample, kKilled, kTwice},
    {"chroot", CALLS(SYS_chroot, "/"), kReadSample, kKilled, kTwice},
    {"pivot_root", CALLS(SYS_pivot_root, ".", "."), kReadSample, kKilled,
     kTwice},
    {"mount", CALLS(SYS_mount, "x", "/", "tmpfs", 0, nullptr), kReadSample,
     kKilled, kTwice},
    {"mount writable",
     CALLS(SYS_mount, nullptr, "/", nullptr, MS_REMOUNT | MS_BIND, nullptr),
     kReadSample, kKilled, kTwice},
    {"umount2", CALLS(SYS_umount2, "/", MNT_DETACH), kReadSample, kKilled,
     kTwice},
    {"fsopen", CALLS(SYS_fsopen, "proc", 0), kReadSample, kKilled, kTwice},
    {"open_tree", CALLS(SYS_open_tree, AT_FDCWD, "/", 1), kReadSample, kKilled,
     kTwice},
    {"mount_setattr", CALLS(SYS_mount_setattr, AT_FDCWD, "/", 0, nullptr, 0),
     kReadSample, kKilled, kTwice},
    {"inotify", Watch, kAwaitRequest, kKilled, kBoth},
    {"fanotify_init", CALLS(SYS_fanotify_init, 0, O_RDONLY), kAwaitRequest,
     kKilled, kTwice},
};

}  // namespace

std::span<const Attempt> FileAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
