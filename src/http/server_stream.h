// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

// Only for the server's own files: Asio is not to be seen elsewhere.
namespace vitrine::http {

// An accepted connection, with TLS or without. One operation at a time; what
// is handed in lives until it has ended. All ends come by the loop, with false
// for an error, the other side's end, or a deadline: then nothing more can be
// done with it.
class ServerStream {
 public:
  using Done = std::function<void(bool good, size_t count)>;

  virtual ~ServerStream() = default;
  // What the operation in hand, and those after it, may take in all.
  virtual void Expire(std::chrono::milliseconds time) = 0;
  virtual void Handshake(Done done) = 0;
  virtual void ReadSome(std::span<uint8_t> room, Done done) = 0;
  virtual void Write(std::string_view bytes, Done done) = 0;
  // Says that no more will come from us, and takes what still comes for a
  // while: closed with bytes unread, the connection would be reset and the last
  // answer lost.
  virtual void Finish(Done done) = 0;
};

// `tls` may be null, and outlives the stream.
std::unique_ptr<ServerStream> MakeServerStream(
    boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

}  // namespace vitrine::http
