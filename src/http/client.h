// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "http/url.h"

namespace vitrine::http {

enum class Method : uint8_t { kGet, kPost };
const char* MethodName(Method method);

// How a request ended. Each of them is an answer that somebody acts upon, not
// an error: which mirror is asked next, what a person is told.
enum class Outcome : uint8_t {
  kDone,       // 200, or 206 where we asked to resume: all of the body is here.
  kNotFound,   // 404 or 410.
  kRefused,    // Another status of 400 to 499, but 408, 425 and 429.
  kBusy,       // 408, 425, 429 or 500 to 599: later may help.
  kBadStatus,  // Any other status.
  kRedirect,   // To another host, another scheme, or once too often.
  kNoResume,   // Asked to resume; the server answered with something else.
  kTooLarge,   // More bytes than allowed, or more promised.
  kTimeout,    // The time for the whole was used up.
  kTooSlow,    // Fewer bytes than the least rate.
  kTruncated,  // The connection ended before the body did.
  kUnreachable,  // No address, no connection, no answer, proxy refused.
  kTls,          // Nothing proves that this is the host.
  kProtocol,     // Not HTTP/1.1 as we read it.
  kNotSent,      // The log of requests or the body's taker said no.
};
// "done", "not-found", "too-large", ...: stable words.
const char* OutcomeName(Outcome outcome);

struct Answer {
  Outcome outcome = Outcome::kNotSent;
  int status = 0;            // Of HTTP; 0: none came.
  uint64_t body_bytes = 0;   // Given to the taker.
  std::string content_type;  // At most 100 visible ASCII characters.
  std::string error_body;    // Of a refusal; at most kErrorBodyMax.
  std::string detail;        // For people; of what went wrong.
};

// What is about to be sent, or was.
struct Outbound {
  std::string_view destination;  // "https://mirror.example", as Url::Origin().
  std::string_view via;          // The proxy's "host:port"; "": none.
  std::string_view method;
  std::string_view target;
  Bytes bytes;  // Exactly these go into the connection.
};

// Is told of each request before its first byte leaves, redirects and requests
// to proxies included. There is no way to send without one.
class SendLog {
 public:
  virtual ~SendLog() = default;
  // Where this fails nothing is sent. The number is handed to Ended().
  virtual Result<uint64_t> Sending(const Outbound& outbound) = 0;
  virtual void Ended(uint64_t number, const Answer& answer) = 0;
};

// For tests, and for programs that are not on anybody's machine but the
// publisher's own: keeps nothing.
class NoSendLog : public SendLog {
 public:
  Result<uint64_t> Sending(const Outbound&) override { return uint64_t{0}; }
  void Ended(uint64_t, const Answer&) override {}
};

// Takes a body as it comes. False ends the request (kNotSent: full disk, ...).
class BodyTaker {
 public:
  virtual ~BodyTaker() = default;
  virtual bool Take(Bytes bytes) = 0;
};

struct Request {
  Method method = Method::kGet;
  Url url;
  ByteVector body;           // Of kPost; at most kRequestBodyMax.
  std::string content_type;  // Of kPost.
  uint64_t resume_from = 0;  // Bytes that are here already: asks for the rest.

  uint64_t body_max = uint64_t{1} << 20;  // More is kTooLarge.
  std::chrono::milliseconds total{60'000};
  std::chrono::milliseconds connect{15'000};
  // kTooSlow where fewer than this many bytes came in each such stretch.
  uint64_t slow_bytes = 64;
  std::chrono::milliseconds slow_time{20'000};
};

struct ClientOptions {
  // "http://host:port"; "": none. The environment is never asked. Requests for
  // https go through CONNECT, others by absolute form.
  std::string proxy{};
  // A file of certificates or a folder of them as c_rehash(1) names them; "":
  // the system's.
  std::string authorities{};
  // Plain http:// is refused (kTls). Nothing of an update rests on TLS, but it
  // hides from others on the way what is asked.
  bool tls_only = false;
};

// Asks servers. The bytes of a request depend on the request alone: no cookies,
// no version, no language, no host name, no time, no stored ETag; TLS without
// session tickets. Certificates are always checked, TLS 1.2 is the least.
// HTTP/1.1. A connection is kept for the next request to the same origin.
//
// Thread-compatible; the log outlives the client.
class Client {
 public:
  virtual ~Client() = default;
  // Blocks, at most for `request.total` and what the taker and the log need.
  virtual Answer Fetch(const Request& request, BodyTaker& taker) = 0;
};

// kInvalid: the proxy is no URL of ours. kNotFound: no such authorities.
Result<std::unique_ptr<Client>> MakeClient(const ClientOptions& options,
                                           SendLog& log);

// The bytes of a request as Fetch() sends them; `absolute` for a proxy that is
// asked without CONNECT.
enum class TargetForm : uint8_t { kOrigin, kAbsolute };
std::string RequestBytes(const Request& request, TargetForm form);

// Collects a body in memory; for small ones.
class TextTaker : public BodyTaker {
 public:
  bool Take(Bytes bytes) override {
    text += AsText(bytes);
    return true;
  }
  std::string text;
};

}  // namespace vitrine::http
