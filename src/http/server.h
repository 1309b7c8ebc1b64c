// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::http {

// A POST as a handler sees it. Borrowed for the call.
struct Posted {
  std::string_view path;  // Without the query.
  std::string_view content_type;
  Bytes body;
};

struct Reply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

using PostHandler = std::function<Reply(const Posted&)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;  // 0: any that is free; see Server::port().
  // PEM files; both or none. With them nothing but TLS (1.2 and up) is spoken.
  std::string certificate{};
  std::string key{};

  uint64_t body_max = uint64_t{1} << 20;  // Of a POST; 413 above it.
  unsigned connections_max = 256;         // More wait in the kernel's queue.
  // From the first byte that is waited for to the whole of a request.
  std::chrono::milliseconds request_time{10'000};
  // For a whole answer.
  std::chrono::milliseconds answer_time{600'000};
  // Between requests of a connection that is kept.
  std::chrono::milliseconds idle_time{30'000};
};

// Serves folders of files and answers POSTs, HTTP/1.1, for anybody who
// connects. One thread, the one in Run(); handlers are called on it and hold
// everybody up. A client that is slow, silent or endless costs one connection
// for a bounded time.
//
//   GET, HEAD  files only, never above the folder and never through a link out
//              of it; Range (one), If-None-Match; no listing.
//   POST       paths that have a handler.
class Server {
 public:
  virtual ~Server() = default;

  // Listens; nothing is accepted before Run(). kUnavailable: the address is
  // taken; kInvalid: no address, or no certificate.
  static Result<std::unique_ptr<Server>> Create(const ServerOptions& options);

  // Before Run(). Files below `folder` under "/prefix/"; "" for all paths. The
  // longest prefix wins. kNotFound: no such folder.
  virtual Status ServeFolder(std::string_view prefix,
                             const std::string& folder) = 0;
  virtual void HandlePost(std::string_view path, PostHandler handler) = 0;

  virtual uint16_t port() const = 0;
  // Until Stop(); open connections are then cut.
  virtual void Run() = 0;
  // From any thread, and from signal handlers' threads.
  virtual void Stop() = 0;
};

}  // namespace vitrine::http
