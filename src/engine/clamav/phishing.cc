// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/phishing.h"

#include <algorithm>
#include <utility>

#include "base/code.h"
#include "base/text.h"
#include "engine/clamav/limits.h"
#include "engine/clamav/pcre.h"

namespace vitrine::engine::clamav {
namespace {

// Of one search in one URL.
constexpr PcreLimits kUrlLimits{100'000, 2'000};

struct Url {
  std::string scheme;  // "http"; "" where none is written.
  std::string host;
};

bool IsHostEnd(char c) {
  return c == '/' || c == '?' || c == '#' || c == ':' ||
         IsSpace(static_cast<uint8_t>(c));
}

// What clamscan takes for a URL; nullopt for other text.
std::optional<Url> ParseUrl(std::string_view text) {
  text = Trim(text);
  Url url;
  const size_t colon = text.find(':');
  const size_t slash = text.find('/');
  if (colon != std::string_view::npos && colon < slash) {
    std::string_view scheme = text.substr(0, colon);
    // "Visit http": the last word.
    if (const size_t blank = scheme.find_last_of(" \t\r\n");
        blank != std::string_view::npos) {
      scheme.remove_prefix(blank + 1);
    }
    const bool port = scheme.find('.') != std::string_view::npos;
    if (!port) {
      url.scheme = ToLowerText(scheme);
      text.remove_prefix(colon + 1);
      while (text.starts_with('/')) text.remove_prefix(1);
    }
  }
  const size_t end = static_cast<size_t>(
      std::find_if(text.begin(), text.end(), IsHostEnd) - text.begin());
  // A blank before the host's end: ordinary words.
  if (end < text.size() && IsSpace(static_cast<uint8_t>(text[end])) &&
      url.scheme.empty()) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, end);
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) {
    if (url.scheme.empty()) return std::nullopt;
    host.remove_prefix(at + 1);
  }
  url.host = ToLowerText(host);
  return url;
}

// "http://host", the way expressions see URLs.
std::string Spelled(const Url& url) {
  return url.scheme.empty() ? url.host : url.scheme + "://" + url.host;
}

// The part of a host that somebody registered: two labels, or three where the
// second is a registry's own ("co.uk").
std::string_view Domain(std::string_view host) {
  const size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const size_t second = host.rfind('.', last - 1);
  if (second == std::string_view::npos) return host;
  const bool country = host.size() - last - 1 == 2;
  const bool registry = last - second - 1 <= 3;
  if (country && registry && second > 0) {
    const size_t third = host.rfind('.', second - 1);
    return third == std::string_view::npos ? host : host.substr(third + 1);
  }
  return host.substr(second + 1);
}

bool IsNumeric(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return c == '.' || IsDigit(static_cast<uint8_t>(c));
  });
}

// clamscan's expressions match at the end of the text.
bool MatchesEnd(const std::vector<std::string>& expressions,
                const std::string& text) {
  static thread_local PcreCache cache;
  return std::any_of(
      expressions.begin(), expressions.end(), [&](const std::string& one) {
        const Result<Pcre*> compiled =
            cache.Get("(?:" + one + ")\\z", kPcreNocase);
        if (!compiled.ok()) return false;
        const auto found =
            compiled.value()->Search(AsBytes(text), 0, false, kUrlLimits);
        return found.ok() && found.value().has_value();
      });
}

// Whether `set` holds `text` or what follows one of its dots, up to `end`.
bool HoldsSuffix(const std::set<std::string, std::less<>>& set,
                 std::string_view text, size_t end) {
  for (size_t at = 0; at < end;) {
    if (set.contains(text.substr(at))) return true;
    at = text.find('.', at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return false;
}

bool HidesNull(std::string_view real) {
  return real.find("%00") != std::string_view::npos ||
         real.find("%01") != std::string_view::npos;
}

}  // namespace

PhishingRules::PhishingRules(std::span<const Bytes> codes) {
  for (const Bytes code : codes) {
    CodeReader in(code);
    const char kind = static_cast<char>(in.U8());
    std::string text(in.CountedText());
    if (!in.ok()) continue;
    switch (kind) {
      case 'H':
        hosts_.insert(std::move(text));
        break;
      case 'R':
        expressions_.push_back(std::move(text));
        break;
      case 'M':
        host_pairs_.insert(std::move(text));
        break;
      case 'X':
      case 'Y':
        pair_expressions_.push_back(std::move(text));
        break;
      default:
        break;
    }
  }
}

bool PhishingRules::Watched(const std::string& pair,
                            const std::string& host) const {
  return HoldsSuffix(hosts_, host, host.size()) ||
         MatchesEnd(expressions_, pair);
}

bool PhishingRules::Allowed(const std::string& pair,
                            const std::string& hosts) const {
  return HoldsSuffix(host_pairs_, hosts, hosts.find(':')) ||
         MatchesEnd(pair_expressions_, hosts) ||
         MatchesEnd(pair_expressions_, pair);
}

std::optional<std::string_view> PhishingRules::Check(
    std::string_view real, std::string_view displayed,
    const ScanOptions& options) const {
  if (empty() || !options.phishing_scan_urls) return std::nullopt;
  const std::optional<Url> to = ParseUrl(real);
  const std::optional<Url> shown = ParseUrl(displayed);
  if (!to || !shown || to->scheme == "mailto") return std::nullopt;
  // "click here" names no host; neither does an address in digits.
  if (shown->host.find('.') == std::string::npos || IsNumeric(shown->host)) {
    return std::nullopt;
  }
  const bool somewhere =
      to->host.find('.') != std::string::npos || to->scheme.starts_with("http");
  if (!somewhere || to->host.empty()) return std::nullopt;

  const std::string pair = Spelled(*to) + ":" + Spelled(*shown);
  const bool insecure = shown->scheme == "https" && to->scheme != "https";
  if (!Watched(pair, shown->host)) {
    if (options.alert_phishing_cloak && HidesNull(real)) {
      return "Heuristics.Phishing.Email.Cloaked.Null";
    }
    if (options.alert_phishing_ssl && insecure) {
      return "Heuristics.Phishing.Email.SSL-Spoof";
    }
    return std::nullopt;
  }
  if (Allowed(pair, to->host + ":" + shown->host)) return std::nullopt;
  if (HidesNull(real)) return "Heuristics.Phishing.Email.Cloaked.Null";
  if (insecure) return "Heuristics.Phishing.Email.SSL-Spoof";
  if (Domain(to->host) == Domain(shown->host)) return std::nullopt;
  return "Heuristics.Phishing.Email.SpoofedDomain";
}

}  // namespace vitrine::engine::clamav
