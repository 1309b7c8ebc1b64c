// SPDX-License-Identifier: Apache-2.0
#include "doorman/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>

#include "base/system_error.h"
#include "base/text.h"
#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

// Whether somebody listens at this name.
bool Answers(const sockaddr_un& address) {
  const UniqueFd probe(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof address) == 0 ||
         errno == EAGAIN;
}

// sd_listen_fds(3).
Result<std::vector<Listener>> Passed() {
  constexpr int kFirst = 3;
  std::vector<Listener> listeners;
  const char* pid = getenv("LISTEN_PID");
  const char* count = getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr) return listeners;
  if (ParseDecimal(pid) != static_cast<uint64_t>(getpid())) return listeners;
  const auto number = ParseDecimal(count);
  if (!number || *number > kListenersMax) {
    return Error{Code::kInvalid, "LISTEN_FDS is not a small number"};
  }
  return AdoptListeners(kFirst, *number);
}

bool IsUnix(const Listener& listener) {
  int family = 0;
  socklen_t size = sizeof family;
  return getsockopt(listener.socket(), SOL_SOCKET, SO_DOMAIN, &family, &size) ==
             0 &&
         family == AF_UNIX;
}

Result<sockaddr_storage> ParseAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  const Error invalid{Code::kInvalid, address + ": not ADDRESS:PORT"};
  if (colon == std::string::npos) return invalid;
  const auto port = ParseDecimal(address.substr(colon + 1));
  if (!port || *port == 0 || *port > UINT16_MAX) return invalid;
  const in_port_t number = htons(static_cast<uint16_t>(*port));
  std::string host = address.substr(0, colon);
  sockaddr_storage name{};
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(name);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = number;
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return invalid;
    return name;
  }
  auto& v4 = reinterpret_cast<sockaddr_in&>(name);
  v4.sin_family = AF_INET;
  v4.sin_port = number;
  if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) != 1) return invalid;
  return name;
}

}  // namespace

Listener::~Listener() {
  if (socket_ && !name_.empty()) unlink(name_.c_str());
}

Result<Listener> ListenUnix(const std::string& path, mode_t mode) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalid, path + ": not a name for a socket"};
  }
  memcpy(address.sun_path, path.c_str(), path.size() + 1);
  UniqueFd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) return Unavailable("socket");
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (bind(made.get(), name, sizeof address) != 0) {
    struct stat status;
    if (errno != EADDRINUSE || lstat(path.c_str(), &status) != 0 ||
        !S_ISSOCK(status.st_mode)) {
      return Unavailable(path);
    }
    if (Answers(address)) {
      return Error{Code::kUnavailable, path + ": somebody listens there"};
    }
    if (unlink(path.c_str()) != 0 ||
        bind(made.get(), name, sizeof address) != 0) {
      return Unavailable(path);
    }
  }
  Listener listener(std::move(made), path);
  if (chmod(path.c_str(), mode) != 0 ||
      listen(listener.socket(), kBacklog) != 0) {
    return Unavailable(path);
  }
  return listener;
}

Result<Listener> ListenTcp(const std::string& address) {
  const sockaddr_storage name = TRY(ParseAddress(address));
  UniqueFd made(
      socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) return Unavailable(address);
  const int on = 1;
  setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (name.ss_family == AF_INET6) {
    setsockopt(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  }
  if (bind(made.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) !=
          0 ||
      listen(made.get(), kBacklog) != 0) {
    return Unavailable(address);
  }
  return Listener(std::move(made));
}

Result<std::vector<Listener>> AdoptListeners(int first, size_t count) {
  std::vector<Listener> listeners;
  for (int fd = first; fd < first + static_cast<int>(count); ++fd) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
        listening == 0) {
      return Error{Code::kInvalid, "passed: not a listening socket"};
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    listeners.emplace_back(UniqueFd(fd));
  }
  return listeners;
}

Result<std::vector<Listener>> OpenListeners(const Settings& settings) {
  std::vector<Listener> listeners = TRY(Passed());
  bool has_unix = false;
  bool has_tcp = false;
  for (const Listener& passed : listeners) {
    (IsUnix(passed) ? has_unix : has_tcp) = true;
  }
  if (!has_unix && !settings.unix_socket.empty()) {
    listeners.push_back(
        TRY(ListenUnix(settings.unix_socket, settings.unix_mode)));
  }
  if (!has_tcp) {
    for (const std::string& address : settings.tcp) {
      listeners.push_back(TRY(ListenTcp(address)));
    }
  }
  if (listeners.empty()) {
    return Error{Code::kInvalid, "no socket to listen at"};
  }
  return listeners;
}

}  // namespace vitrine::doorman
