// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "base/read_file.h"
#include "base/text.h"
#include "publisher/sources/hash_list.h"
#include "publisher/sources/limits.h"
#include "publisher/sources/tree_files.h"

namespace vitrine::publisher {
namespace {

constexpr std::string_view kDigestColumns[] = {
    "sha256", "sha256_hash", "sha-256",  "sha1", "sha1_hash",
    "sha-1",  "md5",         "md5_hash", "hash", "digest"};
constexpr std::string_view kNameColumns[] = {
    "signature",         "name",   "malware", "malware_name", "family",
    "malware_printable", "threat", "comment"};
constexpr std::string_view kSizeColumns[] = {"size", "file_size", "filesize"};

// The fields of one line (RFC 4180, but no line breaks within quotes; blanks
// around fields do not count). Nothing where a quote does not end.
std::optional<std::vector<std::string>> Fields(std::string_view line) {
  std::vector<std::string> out;
  size_t at = 0;
  for (;;) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    std::string field;
    if (at < line.size() && line[at] == '"') {
      for (++at;; ++at) {
        if (at >= line.size()) return std::nullopt;
        if (line[at] == '"') {
          if (at + 1 >= line.size() || line[at + 1] != '"') break;
          ++at;
        }
        field += line[at];
      }
      ++at;
    }
    const size_t end =
        std::min(std::min(line.find(',', at), line.find(';', at)), line.size());
    field += Trim(line.substr(at, end - at));
    out.push_back(std::move(field));
    if (end == line.size()) return out;
    at = end + 1;
  }
}

template <size_t kSize>
bool IsOneOf(std::string_view text, const std::string_view (&words)[kSize]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

class Reader {
 public:
  Reader(const std::string& path, const std::string& name, Imported& out)
      : path_(path), name_(name), out_(out) {}

  void Line(size_t number, std::string_view line) {
    line = Trim(line);
    if (line.empty() || line.starts_with('#')) return;
    const auto fields = Fields(line);
    const std::string where = path_ + ":" + std::to_string(number);
    if (!fields) return out_.LeaveOut(where, "a quote without its end");
    if (is_first_) {
      is_first_ = false;
      if (Header(*fields)) return;
    }
    Entry(where, *fields);
  }

  const HashList& hashes() const { return hashes_; }

 private:
  // Whether the line names columns.
  bool Header(const std::vector<std::string>& fields) {
    for (size_t i = 0; i < fields.size(); ++i) {
      const std::string word = ToLowerText(fields[i]);
      if (IsOneOf(word, kDigestColumns)) digest_columns_.push_back(i);
      if (IsOneOf(word, kNameColumns) && !name_column_) name_column_ = i;
      if (IsOneOf(word, kSizeColumns) && !size_column_) size_column_ = i;
    }
    return !digest_columns_.empty();
  }

  void Entry(const std::string& where, const std::vector<std::string>& fields) {
    const std::optional<size_t> digest = DigestColumn(fields);
    if (!digest) {
      return out_.LeaveOut(where, "no MD5, SHA-1 or SHA-256 in this line");
    }
    std::optional<uint64_t> size;
    if (size_column_ && *size_column_ < fields.size()) {
      size = ParseDecimal(fields[*size_column_]);
    }
    std::string name = name_;
    if (name_column_ && *name_column_ < fields.size()) {
      if (!fields[*name_column_].empty()) name = fields[*name_column_];
    } else if (digest_columns_.empty() && *digest + 1 < fields.size() &&
               !fields[*digest + 1].empty()) {
      name = fields[*digest + 1];
    }
    hashes_.Add(fields[*digest], size, name);
  }

  // The strongest digest of the line: the longest.
  std::optional<size_t> DigestColumn(const std::vector<std::string>& fields) {
    std::optional<size_t> best;
    for (size_t i = 0; i < fields.size(); ++i) {
      const bool counts =
          digest_columns_.empty() ||
          std::find(digest_columns_.begin(), digest_columns_.end(), i) !=
              digest_columns_.end();
      if (!counts || !IsDigest(fields[i])) continue;
      if (!best || fields[i].size() > fields[*best].size()) best = i;
    }
    return best;
  }

  const std::string& path_;
  const std::string& name_;
  Imported& out_;
  bool is_first_ = true;
  std::vector<size_t> digest_columns_;
  std::optional<size_t> name_column_;
  std::optional<size_t> size_column_;
  HashList hashes_;
};

}  // namespace

Result<Imported> ImportCsv(const std::string& path, const std::string& name) {
  const ByteVector bytes = TRY(ReadFile(path, kImportSizeMax));
  Imported out;
  Reader reader(path, name, out);
  size_t number = 0;
  for (const std::string_view line : Split(AsText(bytes), '\n')) {
    reader.Line(++number, line);
  }
  if (reader.hashes().size() == 0) {
    return Error{Code::kInvalid,
                 path + ": no digest in it" +
                     (out.messages.empty() ? "" : "; " + out.messages.front())};
  }
  out.files = reader.hashes().Files(StemOf(path));
  out.entries = reader.hashes().size();
  out.origin = "digests of " + StemOf(path) + ".csv";
  return out;
}

}  // namespace vitrine::publisher
