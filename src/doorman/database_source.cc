// SPDX-License-Identifier: Apache-2.0
#include "doorman/database_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

Error Errno(const std::string& what) {
  return {errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
          what + ": " + strerror(errno)};
}

Result<UniqueFd> OpenFile(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return Errno(path);
  return file;
}

// Starts `words` with an environment of PATH alone and waits, up to
// kCompileTime. Its complaints go where ours go.
Status RunToEnd(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/bin:/bin";
  char* environment[] = {path.data(), nullptr};
  // We hold some signals back, to read them by a descriptor; it does not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, words.front().c_str(), &actions,
                                 &attributes, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    errno = failed;
    return Errno(words.front());
  }
  const UniqueFd handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  if (handle && poll(&ended, 1, static_cast<int>(kCompileTime.count())) != 1) {
    kill(pid, SIGKILL);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error{Code::kInvalid, "the rules did not compile"};
  }
  return Ok();
}

}  // namespace

DatabaseSource DatabaseSource::File(std::string path) {
  DatabaseSource source;
  source.file_ = std::move(path);
  return source;
}

DatabaseSource DatabaseSource::Rules(std::vector<std::string> rules,
                                     std::string vitrine_program,
                                     std::string folder) {
  DatabaseSource source;
  source.rules_ = std::move(rules);
  source.program_ = std::move(vitrine_program);
  source.folder_ = std::move(folder);
  return source;
}

DatabaseSource DatabaseSource::Asked(std::function<Result<UniqueFd>()> ask) {
  DatabaseSource source;
  source.ask_ = std::move(ask);
  return source;
}

Result<UniqueFd> DatabaseSource::Open() const {
  if (ask_) return ask_();
  return file_.empty() ? Compile() : OpenFile(file_);
}

Result<UniqueFd> DatabaseSource::Compile() const {
  std::string folder = folder_ + "/vitrine-doorman.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return Errno(folder);
  const std::string output = folder + "/rules.vdb";
  std::vector<std::string> words = {program_, "compile", "-o", output};
  for (const std::string& rule : rules_) {
    words.emplace_back("--rules");
    words.push_back(rule);
  }
  const Status status = RunToEnd(words);
  Result<UniqueFd> database =
      status.ok() ? OpenFile(output) : Result<UniqueFd>(status.error());
  unlink(output.c_str());
  rmdir(folder.c_str());
  return database;
}

}  // namespace vitrine::doorman
