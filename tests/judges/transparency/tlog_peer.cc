// SPDX-License-Identifier: Apache-2.0
// Our side of the judges' table: makes a log in a folder, or verifies one that
// a judge made. The folder is described in ../sumdb/main.go.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "tlog/add_checkpoint.h"
#include "tlog/edge.h"
#include "tlog/proof_file.h"
#include "tlog/tail.h"

namespace vitrine::tlog {
namespace {

namespace fs = std::filesystem;

constexpr char kOrigin[] = "vitrine.example.org/log";
constexpr uint64_t kTime = 1'790'000'000;

std::string EntryText(uint64_t index) {
  return "entry-" + std::to_string(index) + "\n";
}

Result<std::string> ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{Code::kNotFound, path.string()};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void WriteText(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

TileSource TilesIn(const fs::path& folder) {
  return [folder](const Tile& tile) -> Result<ByteVector> {
    const std::string text = TRY(ReadText(folder / TilePath(tile)));
    const Bytes bytes = AsBytes(text);
    return ByteVector(bytes.begin(), bytes.end());
  };
}

NoteSigner Signer(const std::string& name, KeyKind kind, uint8_t seed) {
  crypto::Ed25519Seed bytes;
  bytes.fill(seed);
  auto signer =
      NoteSigner::Make(name, kind, crypto::PrivateKey::Ed25519(bytes));
  CHECK(signer.ok());
  return std::move(signer).value();
}

std::string Lines(const Proof& proof) {
  std::string text;
  for (const Hash& hash : proof) text += HashText(hash) + "\n";
  return text;
}

// Signs the tree, and writes what a judge reads.
Status WriteProofs(const fs::path& folder, const Edge& edge) {
  const NoteSigner log = Signer(kOrigin, KeyKind::kLog, 0x51);
  Note note;
  note.text = FormatCheckpoint({kOrigin, edge.size(), edge.Root(), {}});
  note.signatures = {log.Sign(note.text)};
  std::string policy = "log " + log.verifier().Text() + "\n";
  std::string names;
  for (uint8_t number = 1; number <= 3; ++number) {
    const std::string name = "w" + std::to_string(number) + ".example.net";
    const NoteSigner witness =
        Signer(name, KeyKind::kWitness, static_cast<uint8_t>(0x60 + number));
    MergeSignature(witness.Cosign(note.text, kTime + number), note);
    policy += "witness " + name + " " + witness.verifier().Text() + "\n";
    names += " " + name;
  }
  policy += "group most 2" + names + "\nquorum most\n";
  WriteText(folder / "policy", policy);
  WriteText(folder / "checkpoint", FormatNote(note));
  TileNodes nodes(edge.size(), TilesIn(folder));
  for (uint64_t index = 0; index < edge.size();
       index += index < 10 || index + 10 > edge.size() ? 1 : 51) {
    const std::string number = std::to_string(index);
    ProofFile file;
    file.index = index;
    file.proof = TRY(ProveInclusion(index, edge.size(), std::ref(nodes)));
    file.checkpoint = FormatNote(note);
    WriteText(folder / "proof" / (number + ".tlog-proof"),
              FormatProofFile(file));
    WriteText(folder / "entry" / number, EntryText(index));
    if (index == 0) continue;
    const Hash old_root = TRY(RangeHash({0, index}, std::ref(nodes)));
    const Proof proof =
        TRY(ProveConsistency(index, edge.size(), std::ref(nodes)));
    WriteText(folder / "consistency" / number,
              HashText(old_root) + "\n" + Lines(proof));
  }
  return Ok();
}

Status Make(const fs::path& folder, uint64_t size) {
  Edge edge;
  // In two steps, the second from the files of the first.
  for (const uint64_t end : {size / 3, size}) {
    if (end == 0) continue;
    edge = TRY(Edge::Read(edge.size(), edge.Root(), TilesIn(folder)));
    std::vector<std::string> texts;
    for (uint64_t i = edge.size(); i < end; ++i) texts.push_back(EntryText(i));
    std::vector<Bytes> entries;
    for (const std::string& text : texts) entries.push_back(AsBytes(text));
    for (const TileFile& file : TRY(edge.Append(entries))) {
      WriteText(folder / TilePath(file.tile), AsText(file.bytes));
    }
  }
  return WriteProofs(folder, edge);
}

Status CheckConsistency(const fs::path& path, const Checkpoint& checkpoint) {
  const auto old_size = ParseNumber(path.filename().string());
  const std::string text = TRY(ReadText(path));
  Proof hashes;
  for (const std::string_view line : Split(Trim(text), '\n')) {
    const auto hash = ParseHash(line);
    if (!hash) return Error{Code::kInvalid, "no hash"};
    hashes.push_back(*hash);
  }
  return VerifyConsistency(old_size.value_or(0), hashes.at(0), checkpoint.size,
                           checkpoint.root, std::span(hashes).subspan(1));
}

Status CheckTail(const fs::path& folder, const Checkpoint& checkpoint) {
  Tail tail(Frontier(), checkpoint.size);
  bool same = true;
  while (const auto tile = tail.Next()) {
    const ByteVector bundle = TRY(TilesIn(folder)(*tile));
    TRY(tail.Take(bundle, [&](uint64_t index, Bytes entry) {
      same = same && AsText(entry) == EntryText(index);
    }));
  }
  if (!same) return Error{Code::kDenied, "an entry differs"};
  TRY(tail.Finish(checkpoint.root));
  return Ok();
}

Status Verify(const fs::path& folder) {
  const std::string policy_text = TRY(ReadText(folder / "policy"));
  const Policy policy = TRY(ParsePolicy(policy_text));
  const std::string note = TRY(ReadText(folder / "checkpoint"));
  const Judgement judgement = TRY(JudgeCheckpoint(note, policy));
  const Checkpoint& checkpoint = judgement.opened.checkpoint;
  TRY(CheckTail(folder, checkpoint));
  TRY(Edge::Read(checkpoint.size, checkpoint.root, TilesIn(folder)));
  // Tiles that no frontier needs are read by proofs of entries in each.
  TileNodes nodes(checkpoint.size, TilesIn(folder));
  const uint64_t step = checkpoint.size < 1000 ? 1 : 97;
  for (uint64_t i = 0; i < checkpoint.size; i += step) {
    const Proof proof =
        TRY(ProveInclusion(i, checkpoint.size, std::ref(nodes)));
    TRY(VerifyInclusion(LeafHash(AsBytes(EntryText(i))), i, checkpoint.size,
                        proof, checkpoint.root));
  }
  size_t proofs = 0;
  for (const auto& file : fs::directory_iterator(folder / "proof")) {
    const std::string index = file.path().stem().string();
    const std::string entry = EntryText(ParseNumber(index).value_or(0));
    const std::string proof = TRY(ReadText(file.path()));
    TRY(VerifyProofFile(proof, LeafHash(AsBytes(entry)), policy));
    ++proofs;
  }
  for (const auto& file : fs::directory_iterator(folder / "consistency")) {
    TRY(CheckConsistency(file.path(), checkpoint));
    ++proofs;
  }
  std::printf("ours: %ju entries and %zu proofs hold\n",
              static_cast<uintmax_t>(checkpoint.size), proofs);
  return Ok();
}

// A request to a witness that has seen `old_size` entries.
Status PrintRequest(const fs::path& folder, uint64_t old_size) {
  AddCheckpoint request;
  request.old_size = old_size;
  request.checkpoint = TRY(ReadText(folder / "checkpoint"));
  const Note note = TRY(ParseNote(request.checkpoint));
  const Checkpoint checkpoint = TRY(ParseCheckpoint(note.text));
  TileNodes nodes(checkpoint.size, TilesIn(folder));
  request.proof =
      TRY(ProveConsistency(old_size, checkpoint.size, std::ref(nodes)));
  std::printf("%s", FormatAddCheckpoint(request).c_str());
  return Ok();
}

// Merges a witness's answer into the checkpoint and verifies it.
Status TakeAnswer(const fs::path& folder, const std::string& key,
                  const fs::path& answer) {
  const VerifierKey witness = TRY(VerifierKey::Parse(key));
  const std::string text = TRY(ReadText(folder / "checkpoint"));
  Note note = TRY(ParseNote(text));
  const std::string body = TRY(ReadText(answer));
  const uint64_t time = TRY(TakeCosignature(body, witness, note));
  WriteText(folder / "checkpoint", FormatNote(note));
  const std::string policy = TRY(ReadText(folder / "policy"));
  const Policy wants_it =
      TRY(ParsePolicy(policy.substr(0, policy.find('\n')) + "\nwitness w " +
                      key + "\nquorum w\n"));
  TRY(JudgeCheckpoint(FormatNote(note), wants_it));
  std::printf("%ju\n", static_cast<uintmax_t>(time));
  return Ok();
}

// The status that we would answer, as a witness that cosigned `last` of the log
// before; "-": never.
Status Decide(const fs::path& request, const fs::path& folder,
              const std::string& last) {
  const std::string policy_text = TRY(ReadText(folder / "policy"));
  const Policy policy = TRY(ParsePolicy(policy_text));
  WatchedLog log;
  log.origin = policy.logs.at(0).key.name();
  log.keys = {policy.logs[0].key};
  if (last != "-") {
    const std::string text = TRY(ReadText(fs::path(last) / "checkpoint"));
    const Note note = TRY(ParseNote(text));
    const Checkpoint checkpoint = TRY(ParseCheckpoint(note.text));
    log.size = checkpoint.size;
    log.root = checkpoint.root;
  }
  const std::string body = TRY(ReadText(request));
  auto status = WitnessStatus::kBadRequest;
  if (const auto parsed = ParseAddCheckpoint(body); parsed.ok()) {
    const std::string origin = TRY(OriginOf(parsed.value()));
    const WatchedLog* watched = origin == log.origin ? &log : nullptr;
    status = DecideAddCheckpoint(parsed.value(), watched).status;
  }
  std::printf("%d\n", static_cast<int>(status));
  return Ok();
}

}  // namespace
}  // namespace vitrine::tlog

int main(int argc, char** argv) {
  using namespace vitrine;  // NOLINT(google-build-using-namespace)
  const std::string verb = argc > 2 ? argv[1] : "";
  Status done = Error{Code::kInvalid,
                      "usage: make DIR SIZE | verify DIR | request DIR OLD |\n"
                      "  take DIR VKEY ANSWER | decide REQUEST DIR LAST-DIR"};
  if (verb == "make" && argc == 4) {
    done = tlog::Make(argv[2], ParseDecimal(argv[3]).value_or(0));
  } else if (verb == "verify" && argc == 3) {
    done = tlog::Verify(argv[2]);
  } else if (verb == "request" && argc == 4) {
    done = tlog::PrintRequest(argv[2], ParseDecimal(argv[3]).value_or(0));
  } else if (verb == "take" && argc == 5) {
    done = tlog::TakeAnswer(argv[2], argv[3], argv[4]);
  } else if (verb == "decide" && argc == 5) {
    done = tlog::Decide(argv[2], argv[3], argv[4]);
  }
  if (done.ok()) return 0;
  std::fprintf(stderr, "ours: %s\n", done.error().message.c_str());
  return 1;
}
