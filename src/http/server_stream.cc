// SPDX-License-Identifier: Apache-2.0
#include "http/server_stream.h"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "http/limits.h"

namespace vitrine::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The socket and its deadline; plain as it is.
class PlainStream : public ServerStream {
 public:
  explicit PlainStream(tcp::socket socket)
      : socket_(std::move(socket)), timer_(socket_.get_executor()) {
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }
  ~PlainStream() override { *alive_ = false; }

  void Expire(std::chrono::milliseconds time) override {
    timer_.expires_after(time);
    // Setting the time ends the wait before with an error; but a wait that has
    // just run out comes all the same, maybe after us.
    timer_.async_wait([this, alive = alive_](error_code ec) {
      if (ec || !*alive) return;
      error_code ignored;
      socket_.close(ignored);
    });
  }
  void Handshake(Done done) override {
    asio::post(socket_.get_executor(), [done] { done(true, 0); });
  }
  void ReadSome(std::span<uint8_t> room, Done done) override {
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [done](error_code ec, size_t n) { done(!ec, n); });
  }
  void Write(std::string_view bytes, Done done) override {
    asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()),
                      [done](error_code ec, size_t n) { done(!ec, n); });
  }
  void Finish(Done done) override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    drained_.resize(kDrainStep);
    Drain(kDrainMax, std::move(done));
  }

 protected:
  tcp::socket socket_;

 private:
  void Drain(size_t left, Done done) {
    socket_.async_read_some(
        asio::buffer(drained_),
        [this, left, done = std::move(done)](error_code ec, size_t count) {
          if (ec || count >= left) return done(true, 0);
          Drain(left - count, done);
        });
  }

  asio::steady_timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::vector<uint8_t> drained_;
};

class TlsStream : public PlainStream {
 public:
  TlsStream(tcp::socket socket, asio::ssl::context& tls)
      : PlainStream(std::move(socket)), tls_(socket_, tls) {}

  void Handshake(Done done) override {
    tls_.async_handshake(asio::ssl::stream_base::server,
                         [done](error_code ec) { done(!ec, 0); });
  }
  void ReadSome(std::span<uint8_t> room, Done done) override {
    tls_.async_read_some(asio::buffer(room.data(), room.size()),
                         [done](error_code ec, size_t n) { done(!ec, n); });
  }
  void Write(std::string_view bytes, Done done) override {
    asio::async_write(tls_, asio::buffer(bytes.data(), bytes.size()),
                      [done](error_code ec, size_t n) { done(!ec, n); });
  }
  void Finish(Done done) override {
    tls_.async_shutdown([this, done = std::move(done)](error_code) {
      PlainStream::Finish(done);
    });
  }

 private:
  asio::ssl::stream<tcp::socket&> tls_;
};

}  // namespace

std::unique_ptr<ServerStream> MakeServerStream(tcp::socket socket,
                                               asio::ssl::context* tls) {
  if (tls == nullptr) return std::make_unique<PlainStream>(std::move(socket));
  return std::make_unique<TlsStream>(std::move(socket), *tls);
}

}  // namespace vitrine::http
