// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof_file.h"

#include <utility>

#include "base/base64.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

Error Wrong(const char* message) { return {Code::kInvalid, message}; }

// Takes a line off the front, without its end.
Result<std::string_view> TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == rest.npos) return Error{Code::kTruncated, "a proof cut short"};
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

Result<ProofFile> ParseProofFile(std::string_view bytes) {
  if (bytes.size() > kProofFileBytesMax) {
    return Error{Code::kLimit, "proof too long"};
  }
  if (TRY(TakeLine(bytes)) != kFirstLine) return Wrong("no proof of this kind");
  ProofFile file;
  std::string_view line = TRY(TakeLine(bytes));
  if (line.starts_with(kExtra)) {
    file.extra = FromBase64(line.substr(kExtra.size()));
    if (!file.extra || file.extra->empty()) return Wrong("extra is no base 64");
    if (file.extra->size() > kExtraMax) {
      return Error{Code::kLimit, "extra too long"};
    }
    line = TRY(TakeLine(bytes));
  }
  if (!line.starts_with(kIndex)) return Wrong("no index");
  const auto index = ParseNumber(line.substr(kIndex.size()));
  if (!index) return Wrong("no index");
  file.index = *index;
  for (line = TRY(TakeLine(bytes)); !line.empty();
       line = TRY(TakeLine(bytes))) {
    const auto hash = ParseHash(line);
    if (!hash || file.proof.size() == kInclusionProofMax) {
      return Wrong("a line that is no hash, or one too many");
    }
    file.proof.push_back(*hash);
  }
  TRY(ParseNote(bytes));
  file.checkpoint = bytes;
  return file;
}

std::string FormatProofFile(const ProofFile& file) {
  std::string bytes(kFirstLine);
  bytes += "\n";
  if (file.extra) {
    bytes += kExtra;
    bytes += ToBase64(*file.extra) + "\n";
  }
  bytes += kIndex;
  bytes += std::to_string(file.index) + "\n";
  for (const Hash& hash : file.proof) bytes += HashText(hash) + "\n";
  return bytes + "\n" + file.checkpoint;
}

Result<ProvenEntry> VerifyProofFile(std::string_view bytes, const Hash& leaf,
                                    const Policy& policy, uint64_t latest) {
  const ProofFile file = TRY(ParseProofFile(bytes));
  ProvenEntry entry;
  entry.index = file.index;
  entry.judgement = TRY(JudgeCheckpoint(file.checkpoint, policy, latest));
  const Checkpoint& checkpoint = entry.judgement.opened.checkpoint;
  TRY(VerifyInclusion(leaf, file.index, checkpoint.size, file.proof,
                      checkpoint.root));
  return entry;
}

}  // namespace vitrine::tlog
