// SPDX-License-Identifier: Apache-2.0
#include "control/control.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "control/limits.h"

namespace vitrine::control {

Result<std::unique_ptr<Control>> Control::Start(const std::string& path,
                                                unsigned owner, Answer answer) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{Code::kInvalid, path + ": too long for a socket"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size());
  UniqueFd listener(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // What lies there is of a program that has gone: the folder is ours alone.
  (void)unlink(path.c_str());
  if (!listener ||
      bind(listener.get(), reinterpret_cast<const sockaddr*>(&address),
           sizeof address) != 0 ||
      chmod(path.c_str(), 0666) != 0 || listen(listener.get(), 16) != 0) {
    return Error{Code::kUnavailable, path + ": " + std::strerror(errno)};
  }
  std::unique_ptr<Control> control(
      new Control(std::move(listener), owner, std::move(answer)));
  control->thread_ = std::jthread(
      [raw = control.get()](std::stop_token stop) { raw->Run(stop); });
  return control;
}

void Control::Run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), "control");
  while (!stop.stop_requested()) {
    std::vector<pollfd> waits = {{listener_.get(), POLLIN, 0}};
    if (connections_.size() >= kControlMax) waits[0].events = 0;
    for (const Connection& connection : connections_) {
      const short events = connection.out.empty() ? POLLIN : POLLOUT;
      waits.push_back({connection.socket.get(), events, 0});
    }
    (void)poll(waits.data(), waits.size(),
               static_cast<int>(kControlPoll.count()));
    std::erase_if(connections_, [&](Connection& connection) {
      return connection.until.Passed() || !Serve(connection);
    });
    if ((waits[0].revents & POLLIN) != 0) Accept();
  }
}

void Control::Accept() {
  UniqueFd socket(
      accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (!socket ||
      getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return;
  }
  Connection connection;
  connection.peer = peer.pid;
  connection.may_command = peer.uid == 0 || peer.uid == owner_;
  connection.socket = std::move(socket);
  connection.until = Deadline::After(kControlTime);
  connections_.push_back(std::move(connection));
}

bool Control::Serve(Connection& connection) {
  if (connection.out.empty()) {
    char buffer[kControlLineMax];
    const ssize_t got = recv(connection.socket.get(), buffer, sizeof buffer, 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    connection.in.append(buffer, static_cast<size_t>(got));
    const size_t end = connection.in.find('\n');
    if (end == std::string::npos) {
      return connection.in.size() < kControlLineMax;
    }
    connection.out = Reply(connection, connection.in.substr(0, end));
    connection.until = Deadline::After(kControlTime);
  }
  while (connection.sent < connection.out.size()) {
    const ssize_t put =
        send(connection.socket.get(), connection.out.data() + connection.sent,
             connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (put < 0) return errno == EAGAIN || errno == EINTR;
    connection.sent += static_cast<size_t>(put);
  }
  return false;
}

std::optional<pid_t> ListenerAt(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const UniqueFd probe(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ucred listener = {};
  socklen_t size = sizeof listener;
  if (!probe ||
      connect(probe.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof address) != 0 ||
      getsockopt(probe.get(), SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0) {
    return std::nullopt;
  }
  return listener.pid;
}

std::string Control::Reply(const Connection& connection,
                           const std::string& line) {
  if (!line.starts_with("status") && !connection.may_command) {
    return "error only root may ask for this\n";
  }
  return answer_(line, connection.peer);
}

}  // namespace vitrine::control
