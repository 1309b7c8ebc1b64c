// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"
#include "http/limits.h"

namespace vitrine::http {
namespace {

constexpr uint16_t kPlainPort = 80;
constexpr uint16_t kTlsPort = 443;
constexpr size_t kHostMax = 253;  // RFC 1035, as text.

Error Bad(std::string_view why) {
  return {Code::kInvalid, "not a URL of ours: " + std::string(why)};
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > kHostMax || host.front() == '.' ||
      host.front() == '-') {
    return false;
  }
  return std::all_of(host.begin(), host.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c)) || c == '-' || c == '.' || c == '_';
  });
}

bool IsIpv6(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Status TakePort(std::string_view text, Url& url) {
  const auto port = ParseDecimal(text);
  if (!port || *port == 0 || *port > 65535) return Bad("its port");
  url.port = static_cast<uint16_t>(*port);
  return Ok();
}

Status TakeAuthority(std::string_view text, Url& url) {
  url.port = url.tls ? kTlsPort : kPlainPort;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == text.npos) return Bad("its host");
    url.host = ToLowerText(text.substr(1, end - 1));
    if (!IsIpv6(url.host)) return Bad("its host");
    text.remove_prefix(end + 1);
    if (text.empty()) return Ok();
    if (text[0] != ':') return Bad("its host");
    return TakePort(text.substr(1), url);
  }
  const size_t colon = text.find(':');
  url.host = ToLowerText(text.substr(0, colon));
  if (!IsHostName(url.host)) return Bad("its host");
  return colon == text.npos ? Ok() : TakePort(text.substr(colon + 1), url);
}

}  // namespace

std::string Url::HostAndPort() const {
  const bool brackets = host.find(':') != host.npos;
  return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string Url::Authority() const {
  const std::string text = HostAndPort();
  const bool own = port == (tls ? kTlsPort : kPlainPort);
  return own ? text.substr(0, text.rfind(':')) : text;
}

std::string Url::Origin() const {
  return (tls ? "https://" : "http://") + Authority();
}

Result<Url> ParseUrl(std::string_view text) {
  if (text.size() > kUrlMax) return Error{Code::kLimit, "the URL is too long"};
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || c == '#' || c == '\\') {
      return Bad("a character in it");
    }
  }
  Url url;
  if (text.starts_with("https://")) {
    url.tls = true;
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return Bad("it begins with neither http:// nor https://");
  }
  const size_t end = std::min(text.find_first_of("/?"), text.size());
  TRY(TakeAuthority(text.substr(0, end), url));
  url.target = std::string(text.substr(end));
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

}  // namespace vitrine::http
