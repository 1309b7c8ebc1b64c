// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "http/connection.h"
#include "http/limits.h"
#include "http/response_reader.h"

namespace vitrine::http {
namespace {

using Clock = Deadline::Clock;

Deadline Earlier(Deadline a, Deadline b) { return a.at < b.at ? a : b; }

// Whether bytes come at the least rate, stretch by stretch.
class Pace {
 public:
  explicit Pace(const Request& request)
      : least_(request.slow_bytes), stretch_(request.slow_time) {
    end_ = Deadline::After(stretch_);
  }
  void Count(size_t bytes) { bytes_ += bytes; }
  Deadline end() const { return end_; }
  // At the end of a stretch; begins the next one.
  bool TooSlow() {
    if (!end_.Passed()) return false;
    const bool slow = bytes_ < least_;
    bytes_ = 0;
    end_ = Deadline::After(stretch_);
    return slow;
  }

 private:
  uint64_t least_;
  std::chrono::milliseconds stretch_;
  uint64_t bytes_ = 0;
  Deadline end_;
};

class CurlClient : public Client {
 public:
  CurlClient(ClientOptions options, std::string proxy, std::string via,
             SendLog& log)
      : options_(std::move(options)),
        proxy_(std::move(proxy)),
        via_(std::move(via)),
        log_(log),
        room_(kReceiveStep) {}
  ~CurlClient() override {
    kept_.reset();
    curl_global_cleanup();
  }

  Answer Fetch(const Request& request, BodyTaker& taker) override;

 private:
  bool Tunnels(const Url& url) const { return !proxy_.empty() && url.tls; }
  Answer FetchOnce(const Request& request, BodyTaker& taker, Deadline deadline,
                   std::string& location);
  std::unique_ptr<Connection> Connect(const Request& request, Deadline deadline,
                                      Answer& answer);
  void Exchange(Connection& connection, Bytes bytes, const Request& request,
                Deadline deadline, ResponseReader& reader);
  bool SendAll(Connection& connection, Bytes bytes, Deadline deadline,
               Pace& pace, Answer& answer);

  const ClientOptions options_;
  const std::string proxy_;  // Its URL; "": none.
  const std::string via_;
  SendLog& log_;
  std::vector<uint8_t> room_;
  // The connection of the last request, if it can be used again.
  std::unique_ptr<Connection> kept_;
  Url kept_for_;
  Clock::time_point kept_since_;
};

void Set(Answer& answer, Outcome outcome, std::string detail) {
  answer.outcome = outcome;
  answer.detail = std::move(detail);
}

std::unique_ptr<Connection> CurlClient::Connect(const Request& request,
                                                Deadline deadline,
                                                Answer& answer) {
  ConnectOptions options;
  options.url = request.url;
  options.authorities = options_.authorities;
  options.deadline = Earlier(deadline, Deadline::After(request.connect));
  uint64_t number = 0;
  if (Tunnels(request.url)) {
    options.tunnel = proxy_;
    const std::string bytes = ConnectBytes(request.url);
    const std::string origin = request.url.Origin();
    const auto noted = log_.Sending(
        {origin, via_, "CONNECT", request.url.HostAndPort(), AsBytes(bytes)});
    if (!noted.ok()) {
      Set(answer, Outcome::kNotSent, noted.error().message);
      return nullptr;
    }
    number = noted.value();
  } else if (!proxy_.empty()) {
    options.url = ParseUrl(proxy_).value();
  }
  auto connection = Connection::Open(options, answer);
  if (Tunnels(request.url)) {
    Answer tunnel = answer;
    if (connection != nullptr) Set(tunnel, Outcome::kDone, "");
    log_.Ended(number, tunnel);
  }
  if (connection == nullptr && deadline.Passed()) {
    answer.outcome = Outcome::kTimeout;
  }
  return connection;
}

bool CurlClient::SendAll(Connection& connection, Bytes bytes, Deadline deadline,
                         Pace& pace, Answer& answer) {
  while (!bytes.empty()) {
    if (deadline.Passed()) {
      Set(answer, Outcome::kTimeout, "while the request was sent");
      return false;
    }
    if (pace.TooSlow()) {
      Set(answer, Outcome::kTooSlow, "while the request was sent");
      return false;
    }
    size_t count = 0;
    const auto io = connection.Send(bytes, count);
    if (io == Connection::Io::kFailed || io == Connection::Io::kClosed) {
      Set(answer, Outcome::kUnreachable, "the request could not be sent");
      return false;
    }
    if (io == Connection::Io::kWait) {
      connection.Wait(Connection::For::kWriting, Earlier(deadline, pace.end()));
    }
    pace.Count(count);
    bytes = bytes.subspan(count);
  }
  return true;
}

void CurlClient::Exchange(Connection& connection, Bytes bytes,
                          const Request& request, Deadline deadline,
                          ResponseReader& reader) {
  Pace pace(request);
  if (!SendAll(connection, bytes, deadline, pace, reader.answer)) return;
  for (;;) {
    size_t count = 0;
    const auto io = connection.Receive(room_, count);
    if (io == Connection::Io::kClosed) {
      reader.End();
      return;
    }
    if (io == Connection::Io::kFailed) {
      reader.Break();
      return;
    }
    pace.Count(count);
    if (count > 0 && reader.Put(Bytes(room_).first(count)) ==
                         ResponseReader::State::kEnded) {
      return;
    }
    const bool timeout = deadline.Passed();
    if (timeout || pace.TooSlow()) {
      reader.Abandon(timeout ? Outcome::kTimeout : Outcome::kTooSlow,
                     timeout ? "the time for this request is used up"
                             : "too few bytes came");
      return;
    }
    if (io == Connection::Io::kWait) {
      connection.Wait(Connection::For::kReading, Earlier(deadline, pace.end()));
    }
  }
}

Answer CurlClient::FetchOnce(const Request& request, BodyTaker& taker,
                             Deadline deadline, std::string& location) {
  const bool absolute = !proxy_.empty() && !request.url.tls;
  const std::string bytes = RequestBytes(
      request, absolute ? TargetForm::kAbsolute : TargetForm::kOrigin);
  const std::string origin = request.url.Origin();
  for (;;) {
    std::unique_ptr<Connection> connection = std::move(kept_);
    const bool reused = connection != nullptr &&
                        kept_for_.SameOrigin(request.url) &&
                        Clock::now() - kept_since_ < kKeptConnectionMax;
    Answer failure;
    if (!reused) connection = Connect(request, deadline, failure);
    if (connection == nullptr) return failure;
    const auto noted = log_.Sending({origin, via_, MethodName(request.method),
                                     request.url.target, AsBytes(bytes)});
    if (!noted.ok()) {
      Set(failure, Outcome::kNotSent, noted.error().message);
      return failure;
    }
    ResponseReader reader(request, taker);
    Exchange(*connection, AsBytes(bytes), request, deadline, reader);
    log_.Ended(noted.value(), reader.answer);
    // The server closed it while it was idle: that says nothing of this one.
    const bool again = reused && !reader.any_bytes &&
                       reader.answer.outcome == Outcome::kUnreachable;
    if (again) continue;
    if (reader.keep_alive) {
      kept_ = std::move(connection);
      kept_for_ = request.url;
      kept_since_ = Clock::now();
    }
    location = std::move(reader.location);
    return std::move(reader.answer);
  }
}

Answer CurlClient::Fetch(const Request& asked, BodyTaker& taker) {
  Request request = asked;
  const Deadline deadline = Deadline::After(request.total);
  for (unsigned redirects = 0;; ++redirects) {
    Answer answer;
    if (options_.tls_only && !request.url.tls) {
      Set(answer, Outcome::kTls, "plain http is not allowed");
      return answer;
    }
    if (request.body.size() > kRequestBodyMax) {
      Set(answer, Outcome::kNotSent, "the body is too large");
      return answer;
    }
    std::string location;
    answer = FetchOnce(request, taker, deadline, location);
    if (answer.outcome != Outcome::kRedirect) return answer;
    if (location.starts_with('/') && !location.starts_with("//")) {
      location = request.url.Origin() + location;
    }
    const auto next = ParseUrl(location);
    if (!next.ok() || !next.value().SameOrigin(request.url)) {
      answer.detail = "to another place than " + request.url.Origin();
      return answer;
    }
    if (redirects == kRedirectsMax || request.method != Method::kGet) {
      answer.detail = "once too often";
      return answer;
    }
    request.url = next.value();
  }
}

}  // namespace

const char* MethodName(Method method) {
  return method == Method::kGet ? "GET" : "POST";
}

const char* OutcomeName(Outcome outcome) {
  constexpr std::array kNames = {
      "done",      "not-found",   "refused",   "busy",     "bad-status",
      "redirect",  "no-resume",   "too-large", "timeout",  "too-slow",
      "truncated", "unreachable", "tls",       "protocol", "not-sent"};
  return kNames[static_cast<size_t>(outcome)];
}

std::string RequestBytes(const Request& request, TargetForm form) {
  std::string text = MethodName(request.method);
  text += ' ';
  if (form == TargetForm::kAbsolute) text += request.url.Origin();
  text += request.url.target + " HTTP/1.1\r\nHost: " + request.url.Authority() +
          "\r\nUser-Agent: " + kUserAgent +
          "\r\nAccept: */*\r\nAccept-Encoding: identity\r\n";
  if (request.resume_from > 0) {
    text += "Range: bytes=" + std::to_string(request.resume_from) + "-\r\n";
  }
  if (request.method == Method::kPost) {
    text += "Content-Type: " + request.content_type +
            "\r\nContent-Length: " + std::to_string(request.body.size()) +
            "\r\n";
  }
  text += "\r\n";
  if (request.method == Method::kPost) text += AsText(request.body);
  return text;
}

Result<std::unique_ptr<Client>> MakeClient(const ClientOptions& options,
                                           SendLog& log) {
  std::string proxy;
  std::string via;
  if (!options.proxy.empty()) {
    const Url url = TRY(ParseUrl(options.proxy));
    if (url.tls || url.target != "/") {
      return Error{Code::kInvalid, "a proxy is http://HOST:PORT"};
    }
    // With its port, always: libcurl takes another one for a proxy's.
    via = url.HostAndPort();
    proxy = "http://" + via;
  }
  if (!options.authorities.empty() &&
      access(options.authorities.c_str(), R_OK) != 0) {
    return Error{Code::kNotFound,
                 options.authorities + ": no certificates there to be read"};
  }
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Error{Code::kUnavailable, "libcurl does not start"};
  }
  return std::unique_ptr<Client>(std::make_unique<CurlClient>(
      options, std::move(proxy), std::move(via), log));
}

}  // namespace vitrine::http
