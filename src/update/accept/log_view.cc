// SPDX-License-Identifier: Apache-2.0
#include "update/accept/log_view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "update/accept/limits.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kFirstLine = "vitrine/log-view/v1";

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<LogView> Run() {
    if (lines_.TakeLine() != kFirstLine) return Here("not a view of a log");
    const auto time = lines_.Take("time");
    const auto seconds =
        time ? CanonicalNumber(*time, kNumberMax) : std::nullopt;
    if (!seconds) return Here("no time");
    view_.time = *seconds;
    TRY(Last());
    TRY(Versions());
    TRY(Tree());
    if (lines_.TakeLine() != "") return Here("unexpected line");
    TRY(Checkpoint());
    return std::move(view_);
  }

 private:
  Error Here(const std::string& what) const {
    return {Code::kInvalid, "view of the log, line " +
                                std::to_string(lines_.line()) + ": " + what};
  }

  Status Last() {
    while (const auto line = lines_.Take("last")) {
      const auto fields = Split(*line, ' ');
      if (fields.size() != 3) return Here("last: type, role, index");
      const auto index = CanonicalNumber(fields[2], kNumberMax);
      if (!index || view_.last.size() == kLogRolesMax) return Here("last");
      std::string key = std::string(fields[0]) + ' ' + std::string(fields[1]);
      if (!view_.last.empty() && view_.last.rbegin()->first >= key) {
        return Here("last: not by rising role");
      }
      view_.last.emplace(std::move(key), *index);
    }
    return Ok();
  }

  Status Versions() {
    while (const auto line = lines_.Take("version")) {
      const auto fields = Split(*line, ' ');
      if (fields.size() != 6 || !IsRoleName(fields[0])) {
        return Here("version: role, version, index, size, digest, time");
      }
      LoggedVersion version;
      uint64_t* const numbers[] = {&version.version, &version.index,
                                   &version.size, &version.public_by};
      constexpr size_t kFields[] = {1, 2, 3, 5};
      for (size_t i = 0; i < 4; ++i) {
        const auto number = CanonicalNumber(fields[kFields[i]], kNumberMax);
        if (!number) return Here("version: not a number");
        *numbers[i] = *number;
      }
      if (!ReadHex(fields[4], version.sha256)) {
        return Here("version: not a digest");
      }
      TRY(Add(fields[0], version));
    }
    return Ok();
  }

  Status Add(std::string_view role, const LoggedVersion& version) {
    const bool same =
        !view_.roles.empty() && view_.roles.rbegin()->first == role;
    if (!same) {
      if (!view_.roles.empty() && view_.roles.rbegin()->first > role) {
        return Here("version: not by rising role");
      }
      if (view_.roles.size() == kLogRolesMax) return Here("too many roles");
    }
    auto& versions = view_.roles[std::string(role)];
    if (versions.size() == kLogVersionsMax ||
        (!versions.empty() && versions.back().version >= version.version)) {
      return Here("version: too many, or not by rising version");
    }
    versions.push_back(version);
    return Ok();
  }

  Status Tree() {
    const auto line = lines_.Take("size");
    const auto size = line ? tlog::ParseNumber(*line) : std::nullopt;
    if (!size) return Here("no size");
    std::vector<tlog::Hash> hashes;
    while (const auto text = lines_.Take("hash")) {
      const auto hash = tlog::ParseHash(*text);
      if (!hash || hashes.size() == 64) return Here("not a hash");
      hashes.push_back(*hash);
    }
    view_.frontier = TRY(tlog::Frontier::From(*size, hashes));
    return Ok();
  }

  Status Checkpoint() {
    view_.checkpoint = lines_.rest();
    if (view_.checkpoint.empty() && view_.frontier.size() == 0) return Ok();
    const tlog::Note note = TRY(tlog::ParseNote(view_.checkpoint));
    const tlog::Checkpoint checkpoint = TRY(tlog::ParseCheckpoint(note.text));
    if (checkpoint.size != view_.frontier.size() ||
        checkpoint.root != view_.frontier.Root()) {
      return Here("the checkpoint is of another tree");
    }
    return Ok();
  }

  LineReader lines_;
  LogView view_;
};

}  // namespace

const LoggedVersion* LogView::Find(std::string_view role,
                                   uint64_t version) const {
  const auto at = roles.find(role);
  if (at == roles.end()) return nullptr;
  const auto found =
      std::lower_bound(at->second.begin(), at->second.end(), version,
                       [](const LoggedVersion& each, uint64_t wanted) {
                         return each.version < wanted;
                       });
  if (found == at->second.end() || found->version != version) return nullptr;
  return &*found;
}

const LoggedVersion* LogView::Newest(std::string_view role) const {
  const auto at = roles.find(role);
  if (at == roles.end() || at->second.empty()) return nullptr;
  return &at->second.back();
}

Result<LogView> ParseLogView(std::string_view text) {
  if (text.size() > kLogViewSizeMax) {
    return Error{Code::kLimit, "view of the log: too long"};
  }
  return Parser(text).Run();
}

std::string FormatLogView(const LogView& view) {
  std::string text = std::string(kFirstLine) + '\n';
  text += "time " + std::to_string(view.time) + '\n';
  for (const auto& [key, index] : view.last) {
    text += "last " + key + ' ' + std::to_string(index) + '\n';
  }
  for (const auto& [role, versions] : view.roles) {
    for (const LoggedVersion& each : versions) {
      text += "version " + role + ' ' + std::to_string(each.version) + ' ' +
              std::to_string(each.index) + ' ' + std::to_string(each.size) +
              ' ' + ToHex(each.sha256) + ' ' + std::to_string(each.public_by) +
              '\n';
    }
  }
  text += "size " + std::to_string(view.frontier.size()) + '\n';
  for (const tlog::Hash& hash : view.frontier.hashes()) {
    text += "hash " + tlog::HashText(hash) + '\n';
  }
  return text + '\n' + view.checkpoint;
}

}  // namespace vitrine::update
