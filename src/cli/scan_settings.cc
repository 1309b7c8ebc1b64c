// SPDX-License-Identifier: Apache-2.0
#include "cli/scan_settings.h"

#include <algorithm>
#include <variant>

#include "base/text.h"
#include "cli/number.h"

namespace vitrine::cli {
namespace {

using S = ScanOptions;

struct Size {
  uint64_t S::*field;
};
struct Number {
  uint32_t S::*field;
};
struct Pattern {
  std::vector<std::string> WalkOptions::*field;
};
// Does something, but nothing that a scan's result depends on.
struct NoEffect {};
// Would change what is found or done, and is not offered.
struct Refused {
  const char* why;
};

struct Option {
  const char* name;
  std::variant<bool S::*, Number, Size, Pattern, NoEffect, Refused> what;
};

constexpr const char* kUseOwn = "use vitrine's own options for that";
constexpr const char* kActs = "a scan changes no file";
constexpr const char* kAbsent = "vitrine has no such choice";

constexpr Option kOptions[] = {
    {"normalize", &S::normalize},
    {"scan-archive", &S::scan_archive},
    {"scan-pe", &S::scan_pe},
    {"scan-elf", &S::scan_elf},
    {"scan-ole2", &S::scan_ole2},
    {"scan-pdf", &S::scan_pdf},
    {"scan-swf", &S::scan_swf},
    {"scan-html", &S::scan_html},
    {"scan-xmldocs", &S::scan_xmldocs},
    {"scan-hwp3", &S::scan_hwp3},
    {"scan-onenote", &S::scan_onenote},
    {"scan-mail", &S::scan_mail},
    {"scan-image", &S::scan_image},
    {"scan-image-fuzzy-hash", &S::scan_image_fuzzy_hash},
    {"heuristic-alerts", &S::heuristic_alerts},
    {"alert-broken", &S::alert_broken},
    {"alert-broken-media", &S::alert_broken_media},
    {"alert-encrypted", &S::alert_encrypted},
    {"alert-encrypted-archive", &S::alert_encrypted_archive},
    {"alert-encrypted-doc", &S::alert_encrypted_doc},
    {"alert-macros", &S::alert_macros},
    {"alert-exceeds-max", &S::alert_exceeds_max},
    {"alert-phishing-ssl", &S::alert_phishing_ssl},
    {"alert-phishing-cloak", &S::alert_phishing_cloak},
    {"alert-partition-intersection", &S::alert_partition_intersection},
    {"phishing-sigs", &S::phishing_sigs},
    {"phishing-scan-urls", &S::phishing_scan_urls},
    {"detect-structured", &S::detect_structured},
    {"structured-ssn-format", Number{&S::structured_ssn_format}},
    {"structured-ssn-count", Number{&S::structured_ssn_count}},
    {"structured-cc-count", Number{&S::structured_cc_count}},
    {"structured-cc-mode", Number{&S::structured_cc_mode}},
    {"detect-pua", &S::detect_pua},
    {"max-filesize", Size{&S::max_filesize}},
    {"max-scansize", Size{&S::max_scansize}},
    {"max-files", Number{&S::max_files}},
    {"max-recursion", Number{&S::max_recursion}},
    {"max-scantime", Number{&S::max_scantime_ms}},
    {"max-ratio", Number{&S::max_ratio}},
    {"max-ratio-floor", Size{&S::max_ratio_floor}},
    {"max-embeddedpe", Size{&S::max_embeddedpe}},
    {"max-htmlnormalize", Size{&S::max_htmlnormalize}},
    {"max-htmlnotags", Size{&S::max_htmlnotags}},
    {"max-scriptnormalize", Size{&S::max_scriptnormalize}},
    {"max-ziptypercg", Size{&S::max_ziptypercg}},
    {"max-partitions", Number{&S::max_partitions}},
    {"max-iconspe", Number{&S::max_iconspe}},
    {"max-rechwp3", Number{&S::max_rechwp3}},
    {"pcre-match-limit", Number{&S::pcre_match_limit}},
    {"pcre-recmatch-limit", Number{&S::pcre_recmatch_limit}},
    {"pcre-max-filesize", Size{&S::pcre_max_filesize}},
    {"allmatch", &S::all_match},
    {"exclude", Pattern{&WalkOptions::exclude}},
    {"exclude-dir", Pattern{&WalkOptions::exclude_folder}},
    {"include", Pattern{&WalkOptions::include}},
    {"include-dir", Pattern{&WalkOptions::include_folder}},
    // Both are fields of WalkOptions; see ApplyToWalk().
    {"cross-fs", NoEffect{}},
    {"max-dir-recursion", NoEffect{}},
    {"archive-verbose", NoEffect{}},
    {"bell", NoEffect{}},
    {"bytecode", NoEffect{}},
    {"bytecode-timeout", NoEffect{}},
    {"debug", NoEffect{}},
    {"disable-cache", NoEffect{}},
    {"dumpcerts", NoEffect{}},
    {"force-to-disk", NoEffect{}},
    {"gen-json", NoEffect{}},
    {"heuristic-scan-precedence", NoEffect{}},
    {"infected", NoEffect{}},
    {"leave-temps", NoEffect{}},
    {"no-summary", NoEffect{}},
    {"quiet", NoEffect{}},
    {"recursive", NoEffect{}},
    {"statistics", NoEffect{}},
    {"stdout", NoEffect{}},
    {"suppress-ok-results", NoEffect{}},
    {"tempdir", NoEffect{}},
    {"verbose", NoEffect{}},
    {"bytecode-unsigned", Refused{"vitrine runs no bytecode"}},
    {"copy", Refused{kActs}},
    {"database", Refused{kUseOwn}},
    {"exclude-pua", Refused{kAbsent}},
    {"fail-if-cvd-older-than", Refused{kAbsent}},
    {"file-list", Refused{"pass the paths as arguments"}},
    {"follow-dir-symlinks", Refused{"links found in a folder are not "
                                    "followed"}},
    {"follow-file-symlinks", Refused{"links found in a folder are not "
                                     "followed"}},
    {"help", Refused{kUseOwn}},
    {"include-pua", Refused{kAbsent}},
    {"log", Refused{kUseOwn}},
    {"move", Refused{kActs}},
    {"nocerts", Refused{kAbsent}},
    {"official-db-only", Refused{kAbsent}},
    {"remove", Refused{kActs}},
    {"version", Refused{kUseOwn}},
};

// Edits from one word to the other.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// At most three names, the nearest first.
std::string Suggestions(std::string_view name) {
  constexpr size_t kLongest = 64;  // Distance() is quadratic.
  if (name.size() > kLongest) return "";
  std::vector<std::pair<size_t, std::string_view>> near;
  for (const Option& option : kOptions) {
    const std::string_view known = option.name;
    const bool inside = name.size() > 2 && known.find(name) != known.npos;
    const size_t distance = inside ? 1 : Distance(name, known);
    if (distance <= 3 || inside) near.emplace_back(distance, option.name);
  }
  std::sort(near.begin(), near.end());
  std::string text;
  for (size_t i = 0; i < near.size() && i < 3; ++i) {
    text += (i == 0                                      ? "; did you mean "
             : i + 1 == std::min<size_t>(near.size(), 3) ? " or "
                                                         : ", ");
    text += near[i].second;
  }
  return text.empty() ? text : text + "?";
}

Error Bad(std::string_view name, const std::string& what) {
  return {Code::kInvalid, "--opt " + std::string(name) + ": " + what};
}

// Sets one field from `value`.
class Applier {
 public:
  Applier(const char* name, std::string_view value, ScanSettings& settings)
      : name_(name), value_(value), settings_(settings) {}

  Status operator()(bool S::*field) {
    const auto on = ParseSwitch(value_);
    if (!on) return Bad(name_, "takes yes or no");
    settings_.scan.*field = *on;
    return Ok();
  }
  Status operator()(Number number) {
    const auto value = ParseDecimal(value_);
    if (!value || *value > UINT32_MAX) return Bad(name_, "takes a number");
    settings_.scan.*number.field = static_cast<uint32_t>(*value);
    return Ok();
  }
  Status operator()(Size size) {
    const auto value = ParseSize(value_);
    if (!value) return Bad(name_, "takes a size such as 600, 64K, 25M or 4G");
    settings_.scan.*size.field = *value;
    if (size.field == &S::max_filesize)
      settings_.scan.max_filesize_given = true;
    return Ok();
  }
  Status operator()(Pattern pattern) {
    if (value_.empty()) return Bad(name_, "takes a regular expression");
    (settings_.walk.*pattern.field).emplace_back(value_);
    return Ok();
  }
  Status operator()(NoEffect) {
    settings_.notes.push_back("--opt " + std::string(name_) +
                              " changes nothing here");
    return Ok();
  }
  Status operator()(Refused refused) {
    return Bad(name_, std::string("not offered: ") + refused.why);
  }

 private:
  const char* name_;
  std::string_view value_;
  ScanSettings& settings_;
};

// The two options that belong to the walk; nullopt for any other.
std::optional<Status> ApplyToWalk(std::string_view name, std::string_view value,
                                  WalkOptions& walk) {
  if (name == "cross-fs") {
    const auto on = ParseSwitch(value);
    if (!on) return Bad(name, "takes yes or no");
    walk.cross_file_systems = *on;
    return Ok();
  }
  if (name == "max-dir-recursion") {
    const auto depth = ParseDecimal(value);
    if (!depth || *depth > kFolderDepth) {
      return Bad(name, "takes a number up to " + std::to_string(kFolderDepth));
    }
    walk.depth_max = static_cast<uint32_t>(*depth);
    return Ok();
  }
  return std::nullopt;
}

}  // namespace

Status ApplyOption(std::string_view argument, ScanSettings& settings) {
  const size_t equals = argument.find('=');
  std::string_view name = argument.substr(0, equals);
  if (name.starts_with("--")) name.remove_prefix(2);
  const std::string_view value =
      equals == argument.npos ? "yes" : argument.substr(equals + 1);
  if (auto done = ApplyToWalk(name, value, settings.walk)) return *done;
  for (const Option& option : kOptions) {
    if (name != option.name) continue;
    return std::visit(Applier(option.name, value, settings), option.what);
  }
  return Bad(name, "no such option of clamscan" + Suggestions(name));
}

}  // namespace vitrine::cli
