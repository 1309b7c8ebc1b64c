// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <string_view>

#include "http/server.h"

// Only for the server's own files: Beast is not to be seen elsewhere.
namespace vitrine::http {

// A folder and what of the path is left to look for in it.
struct Site {
  int folder = -1;
  std::string_view rest;
};

// What a connection asks its server. Outlives all sessions.
class SessionOwner {
 public:
  virtual const ServerOptions& options() const = 0;
  virtual Site Find(std::string_view path) const = 0;
  virtual const PostHandler* Handler(std::string_view path) const = 0;
  // One connection less.
  virtual void Ended() = 0;

 protected:
  ~SessionOwner() = default;
};

// Serves a connection until it ends; `tls` may be null. Owns itself: it lives
// as long as the loop has something to do for it.
void StartSession(boost::asio::ip::tcp::socket socket,
                  boost::asio::ssl::context* tls, SessionOwner& owner);

}  // namespace vitrine::http
