// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/deadline.h"
#include "http/client.h"

namespace vitrine::http {

struct ConnectOptions {
  Url url;                  // Whose origin is wanted.
  std::string tunnel;       // Proxy to CONNECT through; "": none.
  std::string authorities;  // As ClientOptions.
  Deadline deadline;
};

// A TCP connection, with TLS where the URL says so, made by libcurl; it carries
// whatever bytes we send, and libcurl adds none. Thread-compatible.
class Connection {
 public:
  // Null, with the answer filled in, where there is none to be had.
  static std::unique_ptr<Connection> Open(const ConnectOptions& options,
                                          Answer& answer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class Io : uint8_t { kDone, kWait, kClosed, kFailed };
  // As many bytes as go without waiting; `count` says how many.
  Io Send(Bytes bytes, size_t& count);
  // kClosed: the other side has ended.
  Io Receive(std::span<uint8_t> room, size_t& count);

  // Until the socket can be read (or written), or `until`.
  enum class For : uint8_t { kReading, kWriting };
  void Wait(For what, Deadline until) const;

 private:
  explicit Connection(void* curl);
  void* curl_;
  int socket_ = -1;
};

// The request that libcurl sends to a proxy for a tunnel to `url`; a test holds
// it to what arrives.
std::string ConnectBytes(const Url& url);

}  // namespace vitrine::http
