// SPDX-License-Identifier: Apache-2.0
// tlog_bench: what writing, following and judging a transparency log costs. A
// year of hourly updates, 8,760 entries of 700 bytes, in memory; then the
// checkpoint of a policy of 10 witnesses, and a proof file against it.
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "tlog/edge.h"
#include "tlog/proof_file.h"
#include "tlog/tail.h"

namespace vitrine::tlog {
namespace {

constexpr uint64_t kEntries = 8760;
constexpr size_t kEntryBytes = 700;
constexpr int kWitnesses = 10;
constexpr char kOrigin[] = "bench.example.org/log";

using Clock = std::chrono::steady_clock;

double Milliseconds(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since)
      .count();
}

void Report(const char* what, double milliseconds) {
  std::printf("%-52s %10.3f ms\n", what, milliseconds);
}

NoteSigner Signer(const std::string& name, KeyKind kind) {
  auto signer = NoteSigner::Make(
      name, kind,
      crypto::PrivateKey::Generate(crypto::SignatureScheme::kEd25519));
  CHECK(signer.ok());
  return std::move(signer).value();
}

struct Log {
  Edge edge;
  std::map<std::string, ByteVector> files;
  Note checkpoint;
  std::string policy;

  TileSource Source() const {
    return [this](const Tile& tile) -> Result<ByteVector> {
      const auto at = files.find(TilePath(tile));
      if (at == files.end()) return Error{Code::kNotFound, TilePath(tile)};
      return at->second;
    };
  }
};

Bytes EntryBytes(uint64_t index, std::string& room) {
  room = std::to_string(index);
  room.resize(kEntryBytes, 'x');
  return AsBytes(room);
}

// Appended one at a time, as an hourly publisher does.
void Write(Log& log) {
  const auto start = Clock::now();
  std::string room;
  for (uint64_t i = 0; i < kEntries; ++i) {
    const Bytes entry = EntryBytes(i, room);
    auto files = log.edge.Append({&entry, 1});
    CHECK(files.ok());
    for (TileFile& file : files.value()) {
      log.files[TilePath(file.tile)] = std::move(file.bytes);
    }
  }
  Report("append 8,760 entries, one at a time", Milliseconds(start));
}

void Sign(Log& log) {
  const NoteSigner signer = Signer(kOrigin, KeyKind::kLog);
  log.policy = "log " + signer.verifier().Text() + "\n";
  log.checkpoint.text =
      FormatCheckpoint({kOrigin, log.edge.size(), log.edge.Root(), {}});
  log.checkpoint.signatures = {signer.Sign(log.checkpoint.text)};
  std::string names;
  for (int i = 0; i < kWitnesses; ++i) {
    const std::string name = "w" + std::to_string(i);
    const NoteSigner witness = Signer(name, KeyKind::kWitness);
    MergeSignature(witness.Cosign(log.checkpoint.text, 1'790'000'000),
                   log.checkpoint);
    log.policy += "witness " + name + " " + witness.verifier().Text() + "\n";
    names += " " + name;
  }
  log.policy += "group Q 7" + names + "\nquorum Q\n";
}

void Follow(const Log& log) {
  const auto start = Clock::now();
  Tail tail(Frontier(), log.edge.size());
  uint64_t bytes = 0;
  while (const auto tile = tail.Next()) {
    const auto bundle = log.Source()(*tile);
    CHECK(bundle.ok());
    CHECK(tail.Take(bundle.value(),
                    [&](uint64_t, Bytes entry) { bytes += entry.size(); })
              .ok());
  }
  CHECK(tail.Finish(log.edge.Root()).ok());
  CHECK(bytes == kEntries * kEntryBytes);
  Report("follow 8,760 entries to the signed root", Milliseconds(start));
}

void Judge(const Log& log) {
  const auto policy = ParsePolicy(log.policy);
  CHECK(policy.ok());
  const std::string note = FormatNote(log.checkpoint);
  auto start = Clock::now();
  CHECK(JudgeCheckpoint(note, policy.value()).ok());
  Report("judge a checkpoint of 10 witnesses", Milliseconds(start));

  start = Clock::now();
  TileNodes nodes(log.edge.size(), log.Source());
  constexpr uint64_t kIndex = 4321;
  ProofFile file;
  file.index = kIndex;
  file.proof = ProveInclusion(kIndex, log.edge.size(), std::ref(nodes)).value();
  file.checkpoint = note;
  const std::string bytes = FormatProofFile(file);
  Report("make a proof file from tiles", Milliseconds(start));

  std::string room;
  const Hash leaf = LeafHash(EntryBytes(kIndex, room));
  start = Clock::now();
  CHECK(VerifyProofFile(bytes, leaf, policy.value()).ok());
  Report("verify a proof file", Milliseconds(start));
  std::printf("proof file %zu bytes, log %zu files\n", bytes.size(),
              log.files.size());
}

}  // namespace
}  // namespace vitrine::tlog

int main() {
  vitrine::tlog::Log log;
  vitrine::tlog::Write(log);
  vitrine::tlog::Sign(log);
  vitrine::tlog::Follow(log);
  vitrine::tlog::Judge(log);
  return 0;
}
