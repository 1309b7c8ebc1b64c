// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/unique_fd.h"
#include "base/write_all.h"

namespace vitrine {

// An installation of its own for one courier, and the process in it.
class CourierProgram {
 public:
  struct Machine {
    std::string host_name;  // "": the machine's.
    std::string user;       // "": as the program chooses.
    std::vector<std::pair<std::string, std::string>> environment;
  };

  explicit CourierProgram(const std::string& update_section) {
    char name[] = "/tmp/courier-program.XXXXXX";
    root = mkdtemp(name);
    namespace fs = std::filesystem;
    fs::create_directories(root / "etc/vitrine");
    fs::create_directories(root / "var/lib/vitrine");
    // The courier is somebody else where the test is root.
    fs::permissions(root, fs::perms(0755));
    std::ofstream(root / "etc/vitrine/vitrine.toml") << "[update]\n"
                                                     << update_section;
  }
  ~CourierProgram() {
    End(SIGKILL);
    std::filesystem::remove_all(root);
  }

  void Start(const Machine& machine) {
    int in[2];
    int out[2];
    CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
    pid = fork();
    if (pid == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      if (!machine.host_name.empty() &&
          (unshare(CLONE_NEWUTS) != 0 ||
           sethostname(machine.host_name.data(), machine.host_name.size()) !=
               0)) {
        _exit(97);
      }
      for (const auto& [key, value] : machine.environment) {
        setenv(key.c_str(), value.c_str(), 1);
      }
      const std::string program = VITRINE_BINARY_DIR "/bin/vitrine-courier";
      std::vector<const char*> words = {program.c_str(), "--root",
                                        root.c_str()};
      if (!machine.user.empty()) {
        words.insert(words.end(), {"--user", machine.user.c_str()});
      }
      words.push_back(nullptr);
      execv(program.c_str(), const_cast<char* const*>(words.data()));
      _exit(98);
    }
    close(in[0]);
    close(out[1]);
    to.Reset(in[1]);
    from.Reset(out[0]);
  }

  void Say(std::string_view text) { CHECK(WriteAll(to.get(), AsBytes(text))); }
  // A line without its end; "" at the end.
  std::string Hear() {
    std::string line;
    for (char c; read(from.get(), &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  // Closes its input, or ends it by a signal; its exit status, or 128 + signal.
  int End(int number = 0) {
    if (pid <= 0) return -1;
    to.Reset();
    if (number != 0) kill(pid, number);
    int status = 0;
    waitpid(std::exchange(pid, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::string Ledger() const {
    return (root / "var/lib/vitrine/ledger").string();
  }
  std::filesystem::path Staged(const std::string& name) const {
    return root / "var/lib/vitrine/staging" / name;
  }

  std::filesystem::path root;
  pid_t pid = -1;
  UniqueFd to;
  UniqueFd from;
};

}  // namespace vitrine
