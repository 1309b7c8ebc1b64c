// SPDX-License-Identifier: Apache-2.0
#include "http/connection.h"

#include <curl/curl.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "http/limits.h"

namespace vitrine::http {
namespace {

using std::chrono::milliseconds;

long MillisecondsLeft(Deadline deadline) {
  if (deadline.at == Deadline::Clock::time_point::max()) return 60'000;
  const auto left =
      std::chrono::ceil<milliseconds>(deadline.at - Deadline::Clock::now());
  return static_cast<long>(std::clamp<int64_t>(left.count(), 1, 3'600'000));
}

Outcome OutcomeOf(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
      return Outcome::kTls;
    default:
      return Outcome::kUnreachable;
  }
}

bool IsFolder(const std::string& path) {
  struct stat facts;
  return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

// Nothing that the environment, an earlier connection or the machine could add.
void SetUp(CURL* curl, const ConnectOptions& options) {
  curl_easy_setopt(curl, CURLOPT_URL, options.url.Origin().c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   MillisecondsLeft(options.deadline));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   MillisecondsLeft(options.deadline));
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, kUserAgent);
  curl_easy_setopt(curl, CURLOPT_NETRC, CURL_NETRC_IGNORED);
  // Given, even if empty, so that no variable of the environment is.
  curl_easy_setopt(curl, CURLOPT_PROXY, options.tunnel.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
  if (!options.tunnel.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  }
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  // A resumed session is a name that the server gave us.
  curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (options.authorities.empty()) return;
  const bool folder = IsFolder(options.authorities);
  curl_easy_setopt(curl, CURLOPT_CAINFO,
                   folder ? nullptr : options.authorities.c_str());
  curl_easy_setopt(curl, CURLOPT_CAPATH,
                   folder ? options.authorities.c_str() : nullptr);
}

size_t Discard(char*, size_t size, size_t count, void*) { return size * count; }

}  // namespace

Connection::Connection(void* curl) : curl_(curl) {}

Connection::~Connection() { curl_easy_cleanup(curl_); }

std::unique_ptr<Connection> Connection::Open(const ConnectOptions& options,
                                             Answer& answer) {
  CURL* const curl = curl_easy_init();
  if (curl == nullptr) {
    answer.outcome = Outcome::kUnreachable;
    answer.detail = "no memory for a connection";
    return nullptr;
  }
  std::unique_ptr<Connection> connection(new Connection(curl));
  char why[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Discard);
  SetUp(curl, options);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (code == CURLE_OK) {
    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
  }
  if (socket == CURL_SOCKET_BAD) {
    answer.outcome = OutcomeOf(code);
    answer.detail = why[0] != '\0' ? why : curl_easy_strerror(code);
    return nullptr;
  }
  connection->socket_ = socket;
  return connection;
}

Connection::Io Connection::Send(Bytes bytes, size_t& count) {
  count = 0;
  const CURLcode code =
      curl_easy_send(curl_, bytes.data(), bytes.size(), &count);
  if (code == CURLE_AGAIN) return Io::kWait;
  return code == CURLE_OK ? Io::kDone : Io::kFailed;
}

Connection::Io Connection::Receive(std::span<uint8_t> room, size_t& count) {
  count = 0;
  const CURLcode code = curl_easy_recv(curl_, room.data(), room.size(), &count);
  if (code == CURLE_AGAIN) return Io::kWait;
  if (code != CURLE_OK) return Io::kFailed;
  return count == 0 ? Io::kClosed : Io::kDone;
}

void Connection::Wait(For what, Deadline until) const {
  pollfd wanted = {
      socket_, static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  poll(&wanted, 1, static_cast<int>(MillisecondsLeft(until)));
}

std::string ConnectBytes(const Url& url) {
  const std::string name = url.HostAndPort();
  return "CONNECT " + name + " HTTP/1.1\r\nHost: " + name +
         "\r\nUser-Agent: " + kUserAgent +
         "\r\nProxy-Connection: Keep-Alive\r\n\r\n";
}

}  // namespace vitrine::http
