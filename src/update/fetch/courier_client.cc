// SPDX-License-Identifier: Apache-2.0
#include "update/fetch/courier_client.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/system_error.h"
#include "wire/limits.h"

namespace vitrine::update {
namespace {

constexpr size_t kReadStep = 16 * 1024;

int MillisecondsLeft(Deadline deadline) {
  if (deadline.at == Deadline::Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      deadline.at - Deadline::Clock::now());
  return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000'000));
}

// False at the deadline.
bool WaitFor(int descriptor, short events, Deadline deadline) {
  pollfd wanted = {descriptor, events, 0};
  return poll(&wanted, 1, MillisecondsLeft(deadline)) != 0;
}

Status MakePipe(UniqueFd& reading, UniqueFd& writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Unavailable("pipe2");
  reading.Reset(ends[0]);
  writing.Reset(ends[1]);
  return Ok();
}

// posix_spawn(3) with a pipe as 0 and one as 1; the error output is ours.
Result<pid_t> Spawn(const std::string& program, const std::string& root, int in,
                    int out) {
  std::vector<std::string> words = {program};
  if (!root.empty()) words.insert(words.end(), {"--root", root});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char* const environment[] = {nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, program.c_str(), &actions, nullptr,
                                 arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return SystemError(program, failed);
  return pid;
}

// Opens what lies below `folder` and is reached without a link.
UniqueFd OpenWithin(int folder, const std::string& name, uint64_t flags) {
  open_how how = {};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return UniqueFd(static_cast<int>(
      syscall(SYS_openat2, folder, name.c_str(), &how, sizeof how)));
}

// What cannot be removed is replaced when it is fetched again.
void RemoveWithin(int folder, const std::string& name) {
  const size_t slash = name.rfind('/');
  if (slash == name.npos) {
    unlinkat(folder, name.c_str(), 0);
    return;
  }
  const UniqueFd parent =
      OpenWithin(folder, name.substr(0, slash), O_PATH | O_DIRECTORY);
  if (parent) unlinkat(parent.get(), name.c_str() + slash + 1, 0);
}

Error Bad(std::string_view what) {
  return {Code::kInvalid, "the courier " + std::string(what)};
}

}  // namespace

CourierClient::CourierClient(Options options, pid_t pid, UniqueFd to,
                             UniqueFd from)
    : options_(std::move(options)),
      pid_(pid),
      to_(std::move(to)),
      from_(std::move(from)) {}

CourierClient::~CourierClient() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

Result<std::unique_ptr<CourierClient>> CourierClient::Start(Options options) {
  UniqueFd in;
  UniqueFd out;
  UniqueFd to;
  UniqueFd from;
  TRY(MakePipe(in, to));
  TRY(MakePipe(from, out));
  // A courier that has ended must not end us.
  signal(SIGPIPE, SIG_IGN);
  if (fcntl(to.get(), F_SETFL, O_NONBLOCK) != 0) return Unavailable("fcntl");
  const pid_t pid =
      TRY(Spawn(options.program, options.root, in.get(), out.get()));
  return std::unique_ptr<CourierClient>(new CourierClient(
      std::move(options), pid, std::move(to), std::move(from)));
}

Status CourierClient::Say(std::string_view text, Deadline deadline) {
  while (!text.empty()) {
    const ssize_t put = write(to_.get(), text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<size_t>(put));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return Error{Code::kUnavailable, "the courier ended"};
    if (!WaitFor(to_.get(), POLLOUT, deadline)) {
      return Error{Code::kDeadline, "the courier takes no job"};
    }
  }
  return Ok();
}

Result<std::string> CourierClient::Line(Deadline deadline) {
  for (;;) {
    const size_t end = heard_.find('\n');
    if (end != heard_.npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    if (heard_.size() > wire::kCourierLineMax) return Bad("said too much");
    if (!WaitFor(from_.get(), POLLIN, deadline)) {
      return Error{Code::kDeadline, "the courier is not done in time"};
    }
    char room[kReadStep];
    const ssize_t got = read(from_.get(), room, sizeof room);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Error{Code::kUnavailable, "the courier ended"};
    heard_.append(room, static_cast<size_t>(got));
  }
}

Result<std::vector<wire::CourierResult>> CourierClient::Run(
    const wire::CourierJob& job, Deadline deadline) {
  if (broken_) return Error{Code::kUnavailable, "the courier failed before"};
  broken_ = true;  // Until this one is through.
  for (const wire::CourierFetch& fetch : job.fetches) {
    if (!wire::IsCourierName(fetch.name)) {
      broken_ = false;
      return Error{Code::kInvalid, fetch.name + ": not to be fetched"};
    }
  }
  TRY(Say(wire::FormatJob(job), deadline));
  std::vector<wire::CourierResult> results;
  for (;;) {
    const std::string line = TRY(Line(deadline));
    auto result = TRY(wire::ParseCourierResult(line));
    const size_t at = results.size();
    if (!result) {
      if (at != job.fetches.size()) return Bad("left something out");
      broken_ = false;
      return results;
    }
    if (at == job.fetches.size() || result->name != job.fetches[at].name ||
        result->size > job.fetches[at].size_max) {
      return Bad("answered what was not asked");
    }
    results.push_back(*std::move(result));
  }
}

Result<UniqueFd> CourierClient::TakeStaged(const std::string& name,
                                           uint64_t size_max) const {
  if (!wire::IsCourierName(name)) {
    return Error{Code::kInvalid, name + ": not to be fetched"};
  }
  const UniqueFd folder(open(options_.staging.c_str(),
                             O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder) return SystemError(options_.staging, errno);
  UniqueFd file =
      OpenWithin(folder.get(), name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) return SystemError(name, errno);
  struct stat facts;
  if (fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, name + ": not a file"};
  }
  RemoveWithin(folder.get(), name);
  if (static_cast<uint64_t>(facts.st_size) > size_max) {
    return Error{Code::kLimit, name + ": larger than allowed"};
  }
  return file;
}

}  // namespace vitrine::update
