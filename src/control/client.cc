// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace vitrine::control {

Result<std::string> Ask(const std::string& path, const std::string& request,
                        const std::string& name,
                        std::chrono::milliseconds patience, size_t most) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalid, path + ": too long for a socket"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval time = {patience.count() / 1000,
                        patience.count() % 1000 * 1000};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    (void)setsockopt(socket.get(), SOL_SOCKET, option, &time, sizeof time);
  }
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0) {
    return Error{Code::kNotFound, "no " + name + " listens on " + path + ": " +
                                      std::strerror(errno)};
  }
  const std::string line = request + "\n";
  if (send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL) < 0) {
    return Error{Code::kUnavailable, "the " + name + " does not listen"};
  }
  std::string answer;
  char buffer[65536];
  ssize_t got;
  while ((got = recv(socket.get(), buffer, sizeof buffer, 0)) > 0) {
    answer.append(buffer, static_cast<size_t>(got));
    if (answer.size() > most) {
      return Error{Code::kLimit, "the " + name + "'s answer is too long"};
    }
  }
  if (got < 0) {
    return Error{Code::kDeadline, "the " + name + " does not answer"};
  }
  return answer;
}

}  // namespace vitrine::control
