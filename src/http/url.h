// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vitrine::http {

// An absolute URL of the two schemes that we speak, in the one spelling that is
// sent. No user, no fragment: neither has a place in a request that is the same
// for everyone.
struct Url {
  bool tls = false;
  std::string host;  // Lower case; of IPv6 addresses without the brackets.
  uint16_t port = 0;
  std::string target;  // Path and query; begins with '/'.

  // "https://example.org", with the port where it is not the scheme's own.
  std::string Origin() const;
  // "example.org:8080": the Host field.
  std::string Authority() const;
  // "example.org:443": always with the port.
  std::string HostAndPort() const;
  std::string Text() const { return Origin() + target; }
  bool SameOrigin(const Url& other) const {
    return tls == other.tls && host == other.host && port == other.port;
  }

  bool operator==(const Url&) const = default;
};

// kInvalid, with the reason, for everything that is not of the form
// http[s]://HOST[:PORT][/PATH[?QUERY]] in visible ASCII; kLimit beyond kUrlMax.
Result<Url> ParseUrl(std::string_view text);

}  // namespace vitrine::http
