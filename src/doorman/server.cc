// SPDX-License-Identifier: Apache-2.0
#include "doorman/server.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>

#include "base/system_error.h"

namespace vitrine::doorman {
namespace {

// Keys of what is watched and is no connection.
constexpr uint64_t kInboxKey = 0;
constexpr uint64_t kSignalsKey = 1;
constexpr uint64_t kFirstListener = 2;
constexpr uint64_t kFirstConnection = 1000;

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(Settings settings,
                                               std::vector<Listener> listeners,
                                               UniqueFd signals,
                                               Scanning& scanning) {
  std::unique_ptr<Server> server(new Server(
      std::move(settings), std::move(listeners), std::move(signals), scanning));
  server->next_id_ = kFirstConnection;
  server->epoll_.Reset(epoll_create1(EPOLL_CLOEXEC));
  if (!server->epoll_) return Unavailable("epoll_create1");
  server->inbox_ = TRY(Inbox::Create());
  server->openers_ = std::make_unique<Openers>(kOpeners);
  TRY(server->Watch(server->inbox_->descriptor(), kInboxKey, EPOLLIN));
  if (server->signals_) {
    TRY(server->Watch(server->signals_.get(), kSignalsKey, EPOLLIN));
  }
  for (size_t i = 0; i < server->listeners_.size(); ++i) {
    TRY(server->Watch(server->listeners_[i].socket(), kFirstListener + i, 0));
  }
  return server;
}

Status Server::Watch(int descriptor, uint64_t key, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = key;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    return Unavailable("epoll_ctl");
  }
  return Ok();
}

void Server::SetAccepting(bool accepting) {
  if (accepting == accepting_) return;
  accepting_ = accepting;
  for (size_t i = 0; i < listeners_.size(); ++i) {
    epoll_event event{};
    event.events = accepting ? EPOLLIN : 0u;
    event.data.u64 = kFirstListener + i;
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, listeners_[i].socket(), &event);
  }
}

Status Server::Run() {
  SetAccepting(true);
  std::array<epoll_event, 256> events;
  while (!Finished()) {
    const int count =
        epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                   MillisecondsToWait());
    if (count < 0 && errno != EINTR) return Unavailable("epoll_wait");
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      OnEvent(event.data.u64, event.events);
    }
    RunTimers();
  }
  return Ok();
}

void Server::Stop() {
  inbox_->Post([this] { stopping_ = true; });
}

bool Server::Finished() {
  if (!stopping_) return false;
  if (stop_at_ == Clock::time_point::max()) {
    stop_at_ = Clock::now() + kStopTime;
    SetAccepting(false);
  }
  return gate_.inside() + gate_.waiting() == 0 || Clock::now() >= stop_at_;
}

int Server::MillisecondsToWait() const {
  const Clock::time_point next =
      std::min({timers_.first(), accept_again_, stop_at_});
  if (next == Clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(next - Clock::now());
  return static_cast<int>(
      std::clamp<int64_t>(left.count(), 0, int64_t{3600} * 1000));
}

void Server::OnEvent(uint64_t key, uint32_t events) {
  if (key == kInboxKey) {
    for (const Inbox::Work& work : inbox_->Take()) work();
    return;
  }
  if (key == kSignalsKey) {
    OnSignals();
    return;
  }
  if (key < kFirstConnection) {
    Accept(listeners_[key - kFirstListener].socket());
    return;
  }
  const auto entry = connections_.find(key);
  if (entry == connections_.end()) return;
  Connection& connection = *entry->second;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0 && !connection.wants_input()) {
    Remove(connection);  // Nobody is there to read the reply.
    return;
  }
  if ((events & EPOLLOUT) != 0) connection.OnWritable();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !connection.over()) {
    connection.OnReadable();
  }
  Sync(connection);
}

void Server::OnSignals() {
  signalfd_siginfo info;
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGHUP) {
      Reload();
    } else {
      stopping_ = true;
    }
  }
}

void Server::Accept(int listener) {
  for (int i = 0; i < kTurnAccepts && accepting_; ++i) {
    UniqueFd socket(
        accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return;
      // Out of descriptors or memory: somebody has to leave first.
      SetAccepting(false);
      accept_again_ = Clock::now() + kAcceptPause;
      return;
    }
    Welcome(std::move(socket));
    if (connections_.size() >= settings_.max_connections) SetAccepting(false);
  }
}

void Server::Welcome(UniqueFd socket) {
  const PeerKey peer = KeyOf(socket.get());
  size_t& of_peer = peers_[peer];
  if (of_peer >= settings_.max_connections_per_peer) {
    static_cast<void>(send(socket.get(), kTooManyConnections.data(),
                           kTooManyConnections.size(),
                           MSG_DONTWAIT | MSG_NOSIGNAL));
    return;
  }
  ++of_peer;
  const uint64_t id = next_id_++;
  auto connection =
      std::make_unique<Connection>(id, std::move(socket), peer, *this);
  Connection& guest = *connection;
  connections_.emplace(id, std::move(connection));
  // The command is mostly there already.
  guest.OnReadable();
  Sync(guest);
}

void Server::Sync(Connection& connection) {
  if (connection.over()) {
    Remove(connection);
    return;
  }
  const uint32_t events = (connection.wants_input() ? EPOLLIN : 0u) |
                          (connection.wants_output() ? EPOLLOUT : 0u);
  // Watched for nothing at all, a connection still tells of its end.
  const bool watch = events != 0 || connection.is_walking();
  if (events != connection.watched_events || (watch && !connection.watched)) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = connection.id();
    const int what = connection.watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(epoll_.get(), what, connection.socket(), &event) != 0) {
      Remove(connection);  // Out of memory.
      return;
    }
    connection.watched = true;
    connection.watched_events = events;
  }
  const Clock::time_point deadline = connection.deadline();
  if (deadline < connection.timer) {
    timers_.Add(deadline, connection.id());
    connection.timer = deadline;
  }
}

void Server::Remove(Connection& connection) {
  const uint64_t id = connection.id();
  const PeerKey peer = connection.peer();
  if (connection.has_scans()) gate_.Remove(peer, id);
  connections_.erase(id);
  const auto entry = peers_.find(peer);
  if (--entry->second == 0) peers_.erase(entry);
  if (!accepting_ && !stopping_ && accept_again_ == Clock::time_point::max()) {
    SetAccepting(true);
  }
}

void Server::RunTimers() {
  const Clock::time_point now = Clock::now();
  if (now >= accept_again_) {
    accept_again_ = Clock::time_point::max();
    if (!stopping_ && connections_.size() < settings_.max_connections) {
      SetAccepting(true);
    }
  }
  while (timers_.first() <= now) {
    const auto entry = connections_.find(timers_.Pop());
    if (entry == connections_.end()) continue;
    Connection& connection = *entry->second;
    connection.timer = Clock::time_point::max();
    if (connection.deadline() <= now) connection.OnDeadline();
    Sync(connection);
  }
  // Those of connections that ended are forgotten before they pile up.
  if (timers_.size() <= 4 * connections_.size() + 1024) return;
  timers_.Clear();
  for (auto& [id, connection] : connections_) {
    connection->timer = connection->deadline();
    if (connection->timer != Clock::time_point::max()) {
      timers_.Add(connection->timer, id);
    }
  }
}

}  // namespace vitrine::doorman
