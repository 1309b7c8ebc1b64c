// SPDX-License-Identifier: Apache-2.0
#include "tasks/task_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/code.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "quarantine/content.h"
#include "tasks/limits.h"

namespace vitrine::tasks {

Status MakeTaskFolders(const config::Paths& paths) {
  for (const std::string& whole :
       {paths.EventSpool(), paths.Run(), paths.Tasks()}) {
    for (size_t at = paths.root().size() + 1; at != std::string::npos;) {
      at = whole.find('/', at);
      const std::string part = whole.substr(0, at);
      const mode_t mode = part == paths.Tasks() ? 0700 : 0755;
      if (mkdir(part.c_str(), mode) == 0) {
        (void)chmod(part.c_str(), mode);
      } else if (errno != EEXIST) {
        return SystemError(part, errno);
      }
      if (at != std::string::npos) ++at;
    }
  }
  return Ok();
}

Result<UniqueFd> HoldTasks(const config::Paths& paths) {
  const std::string folder = paths.Tasks();
  UniqueFd held(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!held) return SystemError(folder, errno);
  if (flock(held.get(), LOCK_EX | LOCK_NB) == 0) return held;
  if (errno != EWOULDBLOCK) return SystemError(folder, errno);
  return Error{Code::kUnavailable, folder + ": another tasker is at work"};
}

TaskRecord ReadRecord(const TaskPlace& place) {
  const auto bytes = ReadFile(place.Record(), kTaskFileMax, Links::kRefused);
  if (!bytes.ok()) return {};
  auto record = DecodeTaskRecord(bytes.value());
  return record.ok() ? std::move(record).value() : TaskRecord{};
}

std::optional<Cursor> ReadCursor(const TaskPlace& place,
                                 const config::TaskConfig& task) {
  const auto bytes = ReadFile(place.Cursor(), kTaskFileMax, Links::kRefused);
  if (!bytes.ok()) return std::nullopt;
  auto cursor = DecodeCursor(bytes.value());
  if (!cursor.ok() || cursor.value().config != DigestOfConfig(task)) {
    return std::nullopt;
  }
  return std::move(cursor).value();
}

crypto::Sha256Digest DigestOfConfig(const config::TaskConfig& task) {
  CodeWriter text;
  text.U8(static_cast<uint8_t>(task.type));
  for (const auto* masks : {&task.paths, &task.only, &task.exclude_paths}) {
    text.Varint(masks->size());
    for (const config::Mask& mask : *masks) text.Counted(mask.text());
  }
  return crypto::Sha256(text.Take());
}

Result<crypto::Sha256Digest> DigestOfFile(const std::string& path) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return SystemError(path, errno);
  return quarantine::DigestOf(file.get());
}

Result<crypto::Sha256Digest> DigestOfDatabase(const config::Paths& paths) {
  auto digest = DigestOfFile(paths.Database());
  if (!digest.ok() && digest.error().code == Code::kNotFound) {
    return crypto::Sha256Digest{};
  }
  return digest;
}

std::vector<std::string> HomesOfMachine() {
  std::vector<std::string> homes;
  const auto passwd = ReadTextFile("/etc/passwd", kPasswdMax);
  if (passwd.ok()) homes = HomesIn(passwd.value());
  DIR* const folder = opendir("/home");
  while (const dirent* entry = folder == nullptr ? nullptr : readdir(folder)) {
    const std::string name = entry->d_name;
    const std::string home = "/home/" + name;
    if (name[0] == '.' || name.find_first_of("*?\\") != name.npos) continue;
    if (std::find(homes.begin(), homes.end(), home) == homes.end()) {
      homes.push_back(home);
    }
  }
  if (folder != nullptr) closedir(folder);
  return homes;
}

std::string BootId() {
  const auto id = ReadTextFile("/proc/sys/kernel/random/boot_id", 64);
  return id.ok() ? id.value() : "";
}

}  // namespace vitrine::tasks
