// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/settings.h"

namespace vitrine::doorman {

// Where clients come in. Removes the name of its own unix socket at the end.
class Listener {
 public:
  explicit Listener(UniqueFd socket, std::string name = "")
      : socket_(std::move(socket)), name_(std::move(name)) {}
  ~Listener();
  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = delete;

  int socket() const { return socket_.get(); }

 private:
  UniqueFd socket_;
  std::string name_;  // Of a unix socket that we made; else empty.
};

// Listens at `path`. A name left over by a dead process is taken; one that
// somebody answers at is kUnavailable.
Result<Listener> ListenUnix(const std::string& path, mode_t mode);

// "127.0.0.1:3310", "[::1]:3310": numbers only, nothing is looked up.
Result<Listener> ListenTcp(const std::string& address);

// The sockets that systemd passed (LISTEN_FDS), and those that the settings
// name: a unix socket that was passed stands for theirs, TCP sockets for all of
// theirs. kInvalid if there is not one.
Result<std::vector<Listener>> OpenListeners(const Settings& settings);

// Those that the supervisor left to this process, from descriptor `first` on.
Result<std::vector<Listener>> AdoptListeners(int first, size_t count);

}  // namespace vitrine::doorman
