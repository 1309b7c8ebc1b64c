// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::control {

// A privileged program's control socket. A connection carries one request, a
// line of at most kControlLineMax bytes, and its answer, which the program
// words. Lines that begin with `status` are for everybody, all else for root
// alone: others are answered "error TEXT".
//
// Who asks is the kernel's word (SO_PEERCRED). One thread; kControlMax
// connections, of kControlTime each, so that nobody keeps others out for long.
class Control {
 public:
  // Answers a request whose sender may make it; called on the control thread.
  // `peer` is the process that asks, as long as it is there to be answered.
  using Answer =
      std::function<std::string(const std::string& request, pid_t peer)>;

  // `owner`: the user who may command besides root.
  static Result<std::unique_ptr<Control>> Start(const std::string& path,
                                                unsigned owner, Answer answer);
  ~Control() = default;  // Stops and joins.

 private:
  struct Connection {
    UniqueFd socket;
    Deadline until;
    pid_t peer = 0;
    bool may_command = false;
    std::string in;
    std::string out;
    size_t sent = 0;
  };

  Control(UniqueFd listener, unsigned owner, Answer answer)
      : listener_(std::move(listener)),
        owner_(owner),
        answer_(std::move(answer)) {}

  void Run(std::stop_token stop);
  void Accept();
  // False when the connection is done with.
  bool Serve(Connection& connection);
  std::string Reply(const Connection& connection, const std::string& line);

  const UniqueFd listener_;
  const unsigned owner_;
  const Answer answer_;
  std::vector<Connection> connections_;
  std::jthread thread_;
};

// The process that listens at `path` now, by the kernel's word; nothing where
// nobody does.
std::optional<pid_t> ListenerAt(const std::string& path);

}  // namespace vitrine::control
