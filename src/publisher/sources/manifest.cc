// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/manifest.h"

#include <set>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "publisher/sources/limits.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::publisher {
namespace {

using update::LineReader;

constexpr std::string_view kFirstLine = "vitrine/sources/v1";

bool IsLine(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most && text.front() != ' ' &&
         text.back() != ' ' && Printable(text) == text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<Manifest> Run() {
    if (lines_.TakeLine() != kFirstLine) {
      return Here("the first line is not " + std::string(kFirstLine));
    }
    const auto channel = lines_.Take("channel");
    if (!channel) return Next("no channel");
    if (!update::IsRoleName(*channel)) return Here("not a channel's name");
    manifest_.channel = *channel;
    while (!lines_.AtEnd()) {
      if (lines_.TakeLine() != "")
        return Here("blocks begin with a blank line");
      TRY(Block());
    }
    return std::move(manifest_);
  }

 private:
  Error At(size_t line, const std::string& what) const {
    return {Code::kInvalid, "manifest:" + std::to_string(line) + ": " + what};
  }
  Error Here(const std::string& what) const { return At(lines_.line(), what); }
  Error Next(const std::string& what) const {
    return At(lines_.line() + 1, what);
  }

  Status Block() {
    if (manifest_.blocks.size() == kManifestBlocksMax) {
      return Error{Code::kLimit, "manifest: too many blocks"};
    }
    Manifest::Block block;
    if (const auto path = lines_.Take("path")) {
      if (!IsLine(*path, update::kTargetPathMax)) return Here("not a path");
      block.path = *path;
    } else if (const auto rule = lines_.Take("rule")) {
      if (!IsLine(*rule, update::kRuleNameMax))
        return Here("not a rule's name");
      block.rule = *rule;
    } else {
      return Next("neither path nor rule");
    }
    TRY(Text("author", update::kAuthorMax, block.attribution.author));
    TRY(Text("licence", update::kAuthorMax, block.attribution.licence));
    TRY(Text("reason", update::kReasonMax, block.attribution.reason));
    if (!seen_.insert({block.path, block.rule}).second) {
      return Here("there is such a block already");
    }
    manifest_.blocks.push_back(std::move(block));
    return Ok();
  }

  Status Text(std::string_view word, size_t most, std::string& out) {
    const auto text = lines_.Take(word);
    if (!text || !IsLine(*text, most)) {
      return At(lines_.line() + (text ? 0 : 1), "no " + std::string(word));
    }
    out = *text;
    return Ok();
  }

  LineReader lines_;
  Manifest manifest_;
  std::set<std::pair<std::string, std::string>> seen_;
};

}  // namespace

const Attribution* Manifest::Find(std::string_view file,
                                  std::string_view rule) const {
  const Block* best = nullptr;
  for (const Block& block : blocks) {
    if (!block.rule.empty()) {
      if (block.rule == rule) return &block.attribution;
      continue;
    }
    const bool covers = block.path.ends_with('/') ? file.starts_with(block.path)
                                                  : file == block.path;
    if (covers && (best == nullptr || block.path.size() > best->path.size())) {
      best = &block;
    }
  }
  return best == nullptr ? nullptr : &best->attribution;
}

void Manifest::Set(Block block) {
  for (Block& other : blocks) {
    if (other.path == block.path && other.rule == block.rule) {
      other = std::move(block);
      return;
    }
  }
  blocks.push_back(std::move(block));
}

Result<Manifest> ParseManifest(std::string_view text) {
  if (text.size() > kManifestSizeMax) {
    return Error{Code::kLimit, "manifest: too large"};
  }
  return Parser(text).Run();
}

std::string FormatManifest(const Manifest& manifest) {
  std::string out(kFirstLine);
  out += "\nchannel " + manifest.channel + "\n";
  for (const Manifest::Block& block : manifest.blocks) {
    out += "\n";
    out += block.rule.empty() ? "path " + block.path : "rule " + block.rule;
    out += "\nauthor " + block.attribution.author + "\nlicence " +
           block.attribution.licence + "\nreason " + block.attribution.reason +
           "\n";
  }
  return out;
}

}  // namespace vitrine::publisher
