// SPDX-License-Identifier: Apache-2.0
#include "cli/guard_socket.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"
#include "config/paths.h"
#include "wire/guard_status.h"

namespace vitrine::cli {
namespace {

// For one piece of the answer; changing the database takes longest.
constexpr timeval kPatience = {30, 0};

}  // namespace

Result<std::string> AskGuard(const std::string& root,
                             const std::string& request) {
  const std::string path = config::Paths(root).GuardSocket();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalid, path + ": too long for a socket"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  (void)setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience,
                   sizeof kPatience);
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0) {
    return Error{Code::kNotFound,
                 "no guard listens on " + path + ": " + std::strerror(errno)};
  }
  const std::string line = request + "\n";
  if (send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL) < 0) {
    return Error{Code::kUnavailable, "the guard does not listen"};
  }
  std::string answer;
  char buffer[65536];
  ssize_t got;
  while ((got = recv(socket.get(), buffer, sizeof buffer, 0)) > 0) {
    answer.append(buffer, static_cast<size_t>(got));
    if (answer.size() > wire::kStatusBytesMax) {
      return Error{Code::kLimit, "the guard's answer is too long"};
    }
  }
  if (got < 0) return Error{Code::kDeadline, "the guard does not answer"};
  return answer;
}

}  // namespace vitrine::cli
