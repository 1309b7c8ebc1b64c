// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <optional>

#include "base/unique_fd.h"
#include "http/limits.h"
#include "http/server_session.h"

namespace vitrine::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class BeastServer : public Server, private SessionOwner {
 public:
  explicit BeastServer(const ServerOptions& options)
      : options_(options), acceptor_(loop_), pause_(loop_) {}

  Status Listen();
  Status LoadCertificate();

  Status ServeFolder(std::string_view prefix,
                     const std::string& folder) override;
  void HandlePost(std::string_view path, PostHandler handler) override {
    handlers_[std::string(path)] = std::move(handler);
  }
  uint16_t port() const override { return port_; }
  void Run() override;
  void Stop() override { loop_.stop(); }

 private:
  const ServerOptions& options() const override { return options_; }
  Site Find(std::string_view path) const override;
  const PostHandler* Handler(std::string_view path) const override;
  void Ended() override;
  void Accept();
  void Accepted(error_code ec, tcp::socket socket);

  const ServerOptions options_;
  asio::io_context loop_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::optional<asio::ssl::context> tls_;
  uint16_t port_ = 0;
  unsigned connections_ = 0;
  bool accepting_ = false;
  std::map<std::string, UniqueFd, std::less<>> folders_;
  std::map<std::string, PostHandler, std::less<>> handlers_;
};

Status BeastServer::Listen() {
  error_code ec;
  const auto address = asio::ip::make_address(options_.address, ec);
  if (ec) return Error{Code::kInvalid, options_.address + ": not an address"};
  const tcp::endpoint where(address, options_.port);
  if (!ec) acceptor_.open(where.protocol(), ec);
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor_.bind(where, ec);
  if (!ec) acceptor_.listen(kListenBacklog, ec);
  if (ec)
    return Error{Code::kUnavailable, options_.address + ": " + ec.message()};
  port_ = acceptor_.local_endpoint().port();
  return Ok();
}

Status BeastServer::LoadCertificate() {
  if (options_.certificate.empty() && options_.key.empty()) return Ok();
  error_code ec;
  tls_.emplace(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(tls_->native_handle(), SSL_SESS_CACHE_OFF);
  tls_->use_certificate_chain_file(options_.certificate, ec);
  if (!ec)
    tls_->use_private_key_file(options_.key, asio::ssl::context::pem, ec);
  if (ec) {
    return Error{Code::kInvalid, options_.certificate + ", " + options_.key +
                                     ": " + ec.message()};
  }
  return Ok();
}

Status BeastServer::ServeFolder(std::string_view prefix,
                                const std::string& folder) {
  UniqueFd opened(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return Error{Code::kNotFound, folder + ": no such folder"};
  folders_[std::string(prefix)] = std::move(opened);
  return Ok();
}

Site BeastServer::Find(std::string_view path) const {
  Site best;
  size_t length = 0;
  for (const auto& [prefix, folder] : folders_) {
    const std::string start = prefix.empty() ? "/" : "/" + prefix + "/";
    if (path.starts_with(start) && start.size() > length) {
      length = start.size();
      best = {folder.get(), path.substr(start.size())};
    }
  }
  return best;
}

const PostHandler* BeastServer::Handler(std::string_view path) const {
  const auto found = handlers_.find(path);
  return found == handlers_.end() ? nullptr : &found->second;
}

void BeastServer::Accept() {
  if (accepting_ || connections_ >= options_.connections_max) return;
  accepting_ = true;
  acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
    accepting_ = false;
    Accepted(ec, std::move(socket));
  });
}

void BeastServer::Accepted(error_code ec, tcp::socket socket) {
  if (ec) {
    // No descriptors, mostly: one that is closed will make room.
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code) { Accept(); });
    return;
  }
  ++connections_;
  StartSession(std::move(socket), tls_ ? &*tls_ : nullptr, *this);
  Accept();
}

void BeastServer::Ended() {
  --connections_;
  // Not here: this is a session's destructor, at the end of the loop too.
  if (!loop_.stopped()) asio::post(loop_, [this] { Accept(); });
}

void BeastServer::Run() {
  Accept();
  loop_.run();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(const ServerOptions& options) {
  auto server = std::make_unique<BeastServer>(options);
  TRY(server->LoadCertificate());
  TRY(server->Listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace vitrine::http
