// SPDX-License-Identifier: Apache-2.0
#include "update/state/state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/text.h"
#include "base/write_all.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"
#include "update/state/limits.h"
#include "update/trust/limits.h"

namespace vitrine::update {
namespace {

namespace fs = std::filesystem;

// The room's database, before it has a name.
constexpr char kRoomFile[] = "/database";
constexpr char kNext[] = ".next";

Result<UniqueFd> OpenFile(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return SystemError(path, errno);
  struct stat facts;
  if (fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, path + ": not a file"};
  }
  return file;
}

Status MakeFolder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return Ok();
  return SystemError(path, errno);
}

Status Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return Ok();
  return SystemError(to, errno);
}

void RemoveAll(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

// Whether the folder has as many files.
bool HasFiles(const std::string& path, size_t count) {
  std::error_code error;
  size_t seen = 0;
  for (fs::directory_iterator at(path, error), end;
       !error && at != end && seen < count; at.increment(error)) {
    ++seen;
  }
  return seen == count;
}

Status WriteNew(const std::string& path, Bytes bytes) {
  const UniqueFd file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file || !WriteAll(file.get(), bytes) || fsync(file.get()) != 0) {
    return SystemError(path, errno);
  }
  return Ok();
}

bool SameFile(const std::string& a, const std::string& b) {
  struct stat first;
  struct stat second;
  return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

// Takes the lock, waiting a little for who has it.
Result<UniqueFd> Lock(const std::string& path) {
  UniqueFd lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return SystemError(path, errno);
  for (int i = 0; i < kLockSeconds * 10; ++i) {
    if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return Error{Code::kUnavailable, "another update is running"};
}

}  // namespace

Result<UpdateState> UpdateState::Open(const config::Paths& paths, Step step) {
  UpdateState state(paths, std::move(step));
  std::error_code error;
  fs::create_directories(paths.State(), error);
  for (const std::string& folder :
       {state.Folder(), state.Folder() + "/metadata",
        state.Folder() + "/databases", state.Folder() + "/evidence",
        paths.State() + "/database"}) {
    TRY(MakeFolder(folder));
  }
  state.lock_ = TRY(Lock(state.Folder() + "/lock"));
  RemoveAll(state.Room());
  unlink((paths.Database() + kNext).c_str());
  return state;
}

UpdateState UpdateState::Look(const config::Paths& paths) {
  return {paths, {}};
}

Status UpdateState::Before(const char* what) const {
  return step_ ? step_(what) : Ok();
}

Result<UniqueFd> UpdateState::OpenKept(const std::string& name) const {
  return OpenFile(Folder() + '/' + name);
}

Result<ByteVector> UpdateState::ReadKept(const std::string& name,
                                         size_t size_max) const {
  return ReadFile(Folder() + '/' + name, size_max, Links::kRefused);
}

Status UpdateState::Save(const std::string& name, Bytes bytes) {
  const std::string path = Folder() + '/' + name;
  if (name.starts_with("metadata/") && access(path.c_str(), F_OK) != 0 &&
      HasFiles(Folder() + "/metadata", kMetadataFilesMax)) {
    return Error{Code::kLimit, name + ": enough metadata is kept"};
  }
  TRY(Before("save"));
  return WriteFileAtomically(path, bytes);
}

Status UpdateState::Drop(const std::string& name) {
  TRY(Before("drop"));
  const std::string path = Folder() + '/' + name;
  if (unlink(path.c_str()) != 0 && errno != ENOENT) {
    return SystemError(name, errno);
  }
  return SyncFolderOf(path);
}

Status UpdateState::AddEvidence(Bytes bytes) {
  for (size_t i = 1; i <= kEvidenceMax; ++i) {
    const std::string path = Folder() + "/evidence/" + std::to_string(i);
    struct stat facts;
    if (lstat(path.c_str(), &facts) != 0) {
      if (errno != ENOENT) return SystemError(path, errno);
      return WriteFileAtomically(path, bytes);
    }
    if (static_cast<uint64_t>(facts.st_size) != bytes.size()) continue;
    const auto there = ReadFile(path, bytes.size(), Links::kRefused);
    if (there.ok() && std::equal(bytes.begin(), bytes.end(),
                                 there.value().begin(), there.value().end())) {
      return Ok();  // Told before.
    }
  }
  return Ok();
}

Result<Trust> UpdateState::ReadTrust() const {
  const auto text = ReadTextFile(TrustFile(), kTrustSizeMax, Links::kRefused);
  if (!text.ok() && text.error().code == Code::kNotFound) {
    return Error{Code::kNotFound,
                 "no trust file: vitrine trust init FILE says whom to believe"};
  }
  if (!text.ok()) return text.error();
  return ParseTrust(text.value());
}

Result<UniqueFd> UpdateState::MakeRoom(uint64_t size) {
  TRY(Before("make room"));
  TRY(MakeFolder(Room()));
  const std::string path = Room() + kRoomFile;
  unlink(path.c_str());
  UniqueFd file(
      open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) return SystemError(path, errno);
  TRY(Before("allocate"));
  // All of it now: later the verifier writes by memory, which cannot be told
  // that a disk is full.
  const int failed = posix_fallocate(file.get(), 0, static_cast<off_t>(size));
  if (failed != 0) return SystemError(path, failed);
  return file;
}

Status UpdateState::Keep(const std::string& name, Bytes bytes) {
  TRY(MakeFolder(Room()));
  TRY(Before("keep"));
  return WriteNew(Room() + '/' + name, bytes);
}

Result<UniqueFd> UpdateState::OpenRoom() const {
  return OpenFile(Room() + kRoomFile);
}

Result<ByteVector> UpdateState::ReadRoom(const std::string& name) const {
  return ReadFile(Room() + '/' + name, kKeptSizeMax, Links::kRefused);
}

Status UpdateState::Activate(const std::string& channel, uint64_t release) {
  KeptDatabase next;
  next.channel = channel;
  next.release = release;
  next.folder = Folder() + "/databases/" + next.Name();
  {
    const UniqueFd file = TRY(OpenRoom());
    TRY(Before("sync database"));
    if (fsync(file.get()) != 0) return SystemError(Room(), errno);
  }
  TRY(Before("name database"));
  TRY(Rename(Room() + kRoomFile, Room() + '/' + next.Name() + ".vdb"));
  TRY(Before("sync room"));
  TRY(SyncFolder(Room()));
  const auto active = Active();
  if (active && active->folder == next.folder) {
    return Error{Code::kInternal, "the database in use would be replaced"};
  }
  TRY(Before("remove leftover"));
  RemoveAll(next.folder);
  TRY(Before("move room"));
  TRY(Rename(Room(), next.folder));
  TRY(Before("sync databases"));
  TRY(SyncFolder(Folder() + "/databases"));
  return Switch(next);
}

void UpdateState::Abandon() { RemoveAll(Room()); }

std::vector<KeptDatabase> UpdateState::Databases() const {
  std::vector<KeptDatabase> found;
  std::error_code error;
  for (fs::directory_iterator at(Folder() + "/databases", error), end;
       !error && at != end && found.size() < kFoldersMax; at.increment(error)) {
    const std::string name = at->path().filename();
    const size_t dash = name.rfind('-');
    if (dash == name.npos || !IsRoleName(name.substr(0, dash))) continue;
    const auto release = CanonicalNumber(name.substr(dash + 1), kNumberMax);
    if (!release) continue;
    KeptDatabase database;
    database.channel = name.substr(0, dash);
    database.release = *release;
    database.folder = at->path();
    database.active = SameFile(database.File(), paths_.Database());
    found.push_back(std::move(database));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.release < b.release; });
  return found;
}

std::optional<KeptDatabase> UpdateState::Active() const {
  for (KeptDatabase& database : Databases()) {
    if (database.active) return std::move(database);
  }
  return std::nullopt;
}

Status UpdateState::Switch(const KeptDatabase& database) {
  const std::string next = paths_.Database() + kNext;
  unlink(next.c_str());
  TRY(Before("link database"));
  if (link(database.File().c_str(), next.c_str()) != 0) {
    return SystemError(next, errno);
  }
  TRY(Before("switch"));
  TRY(Rename(next, paths_.Database()));
  // Where both are names of one file, rename(2) leaves both.
  unlink(next.c_str());
  TRY(Before("sync switch"));
  TRY(SyncFolder(paths_.State() + "/database"));
  TRY(Before("prune"));
  Prune();
  return Ok();
}

void UpdateState::Prune() const {
  const std::vector<KeptDatabase> all = Databases();
  size_t left = all.size();
  for (const KeptDatabase& database : all) {
    if (left <= kDatabasesKept) return;
    if (database.active) continue;
    RemoveAll(database.folder);
    --left;
  }
}

}  // namespace vitrine::update
