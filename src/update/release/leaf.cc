// SPDX-License-Identifier: Apache-2.0
#include "update/release/leaf.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kFirstLine = "vitrine/leaf/v1";

constexpr std::pair<LeafType, std::string_view> kTypes[] = {
    {LeafType::kTuf, "tuf"},           {LeafType::kRebuild, "rebuild"},
    {LeafType::kSource, "source"},     {LeafType::kKeyCeremony, "key-ceremony"},
    {LeafType::kIncident, "incident"},
};

// Printable ASCII that neither begins nor ends with a blank.
bool IsNote(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most && text.front() != ' ' &&
         text.back() != ' ' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool IsCompilerVersion(std::string_view text) {
  return IsNote(text, kRoleNameMax) && text.find(' ') == text.npos;
}

Error Wrong(size_t line, const std::string& what) {
  return {Code::kInvalid, "leaf, line " + std::to_string(line) + ": " + what};
}

template <size_t kSize>
bool ReadDigest(std::string_view text, std::string_view algorithm,
                std::array<uint8_t, kSize>& out) {
  if (!text.starts_with(algorithm)) return false;
  text.remove_prefix(algorithm.size());
  return text.starts_with(':') && ReadHex(text.substr(1), out);
}

bool ReadFile(std::string_view text, LeafFile& out) {
  const std::vector<std::string_view> fields = Split(text, ' ');
  if (fields.size() != 4 || !IsTargetPath(fields[0])) return false;
  const auto size = CanonicalNumber(fields[1], kNumberMax);
  if (!size) return false;
  out.path = fields[0];
  out.size = *size;
  return ReadDigest(fields[2], "sha256", out.sha256) &&
         ReadDigest(fields[3], "sha512", out.sha512);
}

bool ReadCount(std::string_view text, std::string_view sign, uint64_t& out) {
  if (!text.starts_with(sign)) return false;
  const auto number = CanonicalNumber(text.substr(sign.size()), kNumberMax);
  if (!number) return false;
  out = *number;
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<Leaf> Run() {
    if (lines_.TakeLine() != kFirstLine) return Here("not a leaf");
    TRY(Head());
    if (leaf_.type == LeafType::kTuf) {
      TRY(Tuf());
    } else {
      TRY(Notes());
    }
    TRY(Previous());
    if (!lines_.AtEnd()) return Next("unexpected line");
    return std::move(leaf_);
  }

 private:
  Error Here(const std::string& what) const {
    return Wrong(lines_.line(), what);
  }
  Error Next(const std::string& what) const {
    return Wrong(lines_.line() + 1, what);
  }

  Status Head() {
    const auto type = lines_.Take("type");
    if (!type) return Next("no type");
    const auto* const found =
        std::find_if(std::begin(kTypes), std::end(kTypes),
                     [&](const auto& each) { return each.second == *type; });
    if (found == std::end(kTypes)) return Here("unknown type");
    leaf_.type = found->first;
    const auto role = lines_.Take("role");
    if (!role || !IsRoleName(*role)) return Next("no role");
    leaf_.role = *role;
    return Ok();
  }

  Status Tuf() {
    TRY(Metadata());
    TRY(Files("target", leaf_.targets));
    TRY(Files("content", leaf_.contents));
    TRY(Source());
    TRY(Recipe());
    return Summary();
  }

  Status Metadata() {
    Leaf::Metadata metadata;
    const auto version = lines_.Take("tuf-version");
    if (!version) return Next("no tuf-version");
    const auto number = CanonicalNumber(*version, kNumberMax);
    if (!number || *number == 0) return Here("not a version");
    metadata.version = *number;
    const auto line = lines_.Take("metadata");
    if (!line) return Next("no metadata");
    const auto fields = Split(*line, ' ');
    if (fields.size() != 2) return Here("metadata: size and digest");
    const auto size = CanonicalNumber(fields[0], kNumberMax);
    if (!size || !ReadDigest(fields[1], "sha256", metadata.sha256)) {
      return Here("metadata: size and digest");
    }
    metadata.size = *size;
    leaf_.metadata = metadata;
    return Ok();
  }

  Status Files(std::string_view word, std::vector<LeafFile>& out) {
    while (const auto line = lines_.Take(word)) {
      if (out.size() == kLeafLinesMax) {
        return Error{Code::kLimit, "leaf: too many files"};
      }
      LeafFile file;
      if (!ReadFile(*line, file)) return Here("not a file's description");
      if (!out.empty() && out.back().path >= file.path) {
        return Here("not by rising path");
      }
      out.push_back(std::move(file));
    }
    return Ok();
  }

  Status Source() {
    const auto line = lines_.Take("source");
    if (!line) return Ok();
    const auto fields = Split(*line, ' ');
    Leaf::Source source;
    if (fields.size() != 2 || !ReadDigest(fields[0], "sha256", source.sha256) ||
        !IsTargetPath(fields[1])) {
      return Here("source: digest and path");
    }
    source.path = fields[1];
    leaf_.source = std::move(source);
    return Ok();
  }

  Status Recipe() {
    const auto line = lines_.Take("recipe");
    if (!line) return Ok();
    const auto fields = Split(*line, ' ');
    Leaf::Recipe recipe;
    if (fields.size() != 3 || !ReadDigest(fields[0], "sha256", recipe.sha256) ||
        fields[1] != "compiler" || !IsCompilerVersion(fields[2])) {
      return Here("recipe: digest and compiler");
    }
    recipe.compiler = fields[2];
    leaf_.recipe = std::move(recipe);
    return Ok();
  }

  Status Summary() {
    const auto line = lines_.Take("summary");
    if (!line) return Ok();
    const auto fields = Split(*line, ' ');
    Leaf::Summary summary;
    if (fields.size() != 4 || !ReadCount(fields[0], "+", summary.added) ||
        !ReadCount(fields[1], "-", summary.removed) ||
        !ReadCount(fields[2], "~", summary.changed) ||
        !ReadCount(fields[3], "allow+", summary.allowed)) {
      return Here("not a summary");
    }
    leaf_.summary = summary;
    return Ok();
  }

  Status Notes() {
    while (const auto line = lines_.Take("note")) {
      if (leaf_.notes.size() == kLeafLinesMax) {
        return Error{Code::kLimit, "leaf: too many notes"};
      }
      if (!IsNote(*line, kNoteMax)) return Here("not a note");
      leaf_.notes.emplace_back(*line);
    }
    if (leaf_.notes.empty()) return Next("no note");
    return Ok();
  }

  Status Previous() {
    const auto line = lines_.Take("prev");
    if (!line) return Next("no prev, or an unexpected line");
    if (*line == "-") return Ok();
    leaf_.previous = CanonicalNumber(*line, kNumberMax);
    if (!leaf_.previous) return Here("not an index");
    return Ok();
  }

  LineReader lines_;
  Leaf leaf_;
};

std::string FileText(std::string_view word, const LeafFile& file) {
  return std::string(word) + " " + file.path + " " + std::to_string(file.size) +
         " sha256:" + ToHex(file.sha256) + " sha512:" + ToHex(file.sha512) +
         "\n";
}

std::string TufText(const Leaf& leaf) {
  std::string out;
  if (leaf.metadata) {
    out += "tuf-version " + std::to_string(leaf.metadata->version) +
           "\nmetadata " + std::to_string(leaf.metadata->size) +
           " sha256:" + ToHex(leaf.metadata->sha256) + "\n";
  }
  for (const LeafFile& file : leaf.targets) out += FileText("target", file);
  for (const LeafFile& file : leaf.contents) out += FileText("content", file);
  if (leaf.source) {
    out += "source sha256:" + ToHex(leaf.source->sha256) + " " +
           leaf.source->path + "\n";
  }
  if (leaf.recipe) {
    out += "recipe sha256:" + ToHex(leaf.recipe->sha256) + " compiler " +
           leaf.recipe->compiler + "\n";
  }
  if (leaf.summary) {
    const Leaf::Summary& summary = *leaf.summary;
    out += "summary +" + std::to_string(summary.added) + " -" +
           std::to_string(summary.removed) + " ~" +
           std::to_string(summary.changed) + " allow+" +
           std::to_string(summary.allowed) + "\n";
  }
  return out;
}

}  // namespace

bool IsRoleName(std::string_view name) {
  return !name.empty() && name.size() <= kRoleNameMax && name[0] >= 'a' &&
         name[0] <= 'z' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

std::string_view LeafTypeName(LeafType type) {
  return kTypes[static_cast<size_t>(type)].second;
}

LeafFile DescribeFile(std::string path, Bytes bytes) {
  return {std::move(path), bytes.size(), crypto::Sha256(bytes),
          crypto::Sha512(bytes)};
}

bool IsTargetPath(std::string_view path) {
  if (path.size() > kTargetPathMax) return false;
  for (const std::string_view part : Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
    for (const char c : part) {
      if (!IsAlnum(static_cast<uint8_t>(c)) && c != '.' && c != '_' &&
          c != '-') {
        return false;
      }
    }
  }
  return true;
}

Result<Leaf> ParseLeaf(std::string_view text) {
  if (text.size() > kLeafSizeMax) {
    return Error{Code::kLimit, "leaf: more than 65,535 bytes"};
  }
  return Parser(text).Run();
}

Result<std::string> FormatLeaf(const Leaf& leaf) {
  std::string out(kFirstLine);
  out += "\ntype ";
  out += LeafTypeName(leaf.type);
  out += "\nrole " + leaf.role + "\n" + TufText(leaf);
  for (const std::string& note : leaf.notes) out += "note " + note + "\n";
  out += "prev ";
  out += leaf.previous ? std::to_string(*leaf.previous) : "-";
  out += '\n';
  const Leaf read = TRY(ParseLeaf(out));
  if (read != leaf) return Error{Code::kInvalid, "leaf: cannot be written"};
  return out;
}

}  // namespace vitrine::update
