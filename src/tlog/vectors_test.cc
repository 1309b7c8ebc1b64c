// SPDX-License-Identifier: Apache-2.0
// Vectors made by golang.org/x/mod/sumdb: tests/vectors/transparency-log.txt,
// and others of the same kind beside the checkout where they are.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "tlog/proof_file.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What one file of vectors holds.
struct Vectors {
  struct ProofCase {
    bool inclusion = false;
    uint64_t first = 0;  // Index, or old size.
    uint64_t size = 0;
    Proof proof;
  };
  std::vector<std::pair<uint64_t, Hash>> leaves;
  std::vector<std::pair<uint64_t, Hash>> roots;
  std::vector<ProofCase> proofs;
  std::vector<std::pair<std::string, std::string>> tiles;  // Path, digest.
  std::vector<VerifierKey> keys;
  std::vector<std::string> blocks;  // Checkpoint, proof file.
};

// The number after `name` in a line of "size=7 index=0".
uint64_t NumberAfter(const std::string& line, const std::string& name) {
  const size_t at = line.find(name);
  if (at == line.npos) return 0;
  return std::strtoull(line.c_str() + at + name.size(), nullptr, 10);
}

std::vector<std::string> WordsOf(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

void ReadLine(const std::string& line, Vectors& out) {
  const auto words = WordsOf(line);
  if (words.empty() || words[0] == "#") return;
  const auto hash = ParseHash(words.back());
  if (words.size() == 1 && hash && !out.proofs.empty()) {
    out.proofs.back().proof.push_back(*hash);
  } else if (words[0] == "leafhash") {
    out.leaves.emplace_back(std::stoull(words[1]), hash.value());
  } else if (words[0] == "root") {
    out.roots.emplace_back(std::stoull(words[2]), hash.value());
  } else if (words[0] == "inclusion") {
    out.proofs.push_back(
        {true, NumberAfter(line, "index="), NumberAfter(line, "size="), {}});
  } else if (words[0] == "consistency") {
    out.proofs.push_back(
        {false, NumberAfter(line, "old="), NumberAfter(line, "new="), {}});
  } else if (line.find("sha256=") != line.npos && line.starts_with("tile")) {
    const std::string& path = words[0] == "tile" ? words[1] : words[0];
    out.tiles.emplace_back(path, line.substr(line.find("sha256=") + 7));
  }
  for (const std::string& word : words) {
    auto key = VerifierKey::Parse(word);
    if (key.ok()) out.keys.push_back(std::move(key).value());
  }
}

Vectors ReadVectors(const std::string& text) {
  Vectors out;
  bool in_block = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## B")) break;  // Other formats.
    if (in_block && line == "-----") {
      in_block = false;
    } else if (in_block) {
      out.blocks.back() += line + "\n";
    } else if (line.starts_with("----- ")) {
      in_block = true;
      out.blocks.emplace_back();
    } else {
      ReadLine(line, out);
    }
  }
  return out;
}

void CheckTree(const Vectors& vectors) {
  ASSERT_FALSE(vectors.leaves.empty());
  ASSERT_FALSE(vectors.roots.empty());
  ASSERT_FALSE(vectors.proofs.empty());
  ASSERT_FALSE(vectors.tiles.empty());
  const uint64_t size = vectors.roots.back().first;
  const auto leaves = TestLeaves(size);
  for (const auto& [index, hash] : vectors.leaves) {
    EXPECT_EQ(leaves[index], hash) << index;
  }
  Frontier frontier;
  for (const auto& [at, root] : vectors.roots) {
    while (frontier.size() < at) {
      ASSERT_TRUE(frontier.Append(leaves[frontier.size()]).ok());
    }
    EXPECT_EQ(frontier.Root(), root) << at;
  }
  for (const auto& c : vectors.proofs) {
    const Hash root = PlainHash(leaves, 0, c.size);
    const auto nodes = PlainNodes(leaves);
    if (c.inclusion) {
      EXPECT_EQ(ProveInclusion(c.first, c.size, nodes).value(), c.proof);
      EXPECT_TRUE(
          VerifyInclusion(leaves[c.first], c.first, c.size, c.proof, root)
              .ok());
    } else {
      EXPECT_EQ(ProveConsistency(c.first, c.size, nodes).value(), c.proof);
      EXPECT_TRUE(VerifyConsistency(c.first, PlainHash(leaves, 0, c.first),
                                    c.size, root, c.proof)
                      .ok());
    }
  }
  Edge edge;
  TestFiles files;
  Grow(edge, size, files);
  EXPECT_EQ(files.size(), vectors.tiles.size());
  for (const auto& [path, digest] : vectors.tiles) {
    EXPECT_EQ(ToHex(crypto::Sha256(files[path])), digest) << path;
  }
}

// The policy that wants all keys that the vectors name.
Policy PolicyOf(const Vectors& vectors) {
  std::string text;
  std::string names;
  for (const VerifierKey& key : vectors.keys) {
    if (key.kind() == KeyKind::kLog) {
      text += "log " + key.Text() + "\n";
    } else {
      text += "witness " + key.name() + " " + key.Text() + "\n";
      names += " " + key.name();
    }
  }
  auto policy = ParsePolicy(text + "group Q all" + names + "\nquorum Q\n");
  EXPECT_TRUE(policy.ok());
  return std::move(policy).value();
}

void CheckNotes(const Vectors& vectors) {
  ASSERT_EQ(vectors.blocks.size(), 2u);
  ASSERT_EQ(vectors.keys.size(), 3u);
  const Policy policy = PolicyOf(vectors);
  const auto judgement = JudgeCheckpoint(vectors.blocks[0], policy);
  ASSERT_TRUE(judgement.ok()) << judgement.error().message;
  const auto& checkpoint = judgement.value().opened.checkpoint;
  EXPECT_EQ(checkpoint.size, vectors.roots.back().first);
  EXPECT_EQ(checkpoint.root, vectors.roots.back().second);
  const auto leaves = TestLeaves(256);
  const auto entry = VerifyProofFile(vectors.blocks[1], leaves[255], policy);
  ASSERT_TRUE(entry.ok()) << entry.error().message;
  EXPECT_EQ(entry.value().index, 255u);
  const auto file = ParseProofFile(vectors.blocks[1]);
  EXPECT_EQ(FormatProofFile(file.value()), vectors.blocks[1]);
}

TEST(Vectors, OursAreAsXModMadeThem) {
  const auto text = ReadFile(std::string(VITRINE_SOURCE_DIR) +
                             "/tests/vectors/transparency-log.txt");
  ASSERT_TRUE(text);
  const Vectors vectors = ReadVectors(*text);
  CheckTree(vectors);
  CheckNotes(vectors);
}

TEST(Vectors, ThoseBesideTheCheckoutToo) {
  const auto text = ReadFile(std::string(VITRINE_SOURCE_DIR) +
                             "/../shared/reference/transparency-vectors.txt");
  if (!text) GTEST_SKIP() << "no vectors beside the checkout";
  const Vectors vectors = ReadVectors(*text);
  CheckTree(vectors);
  CheckNotes(vectors);
  // Signatures are deterministic: our signers make the very same lines.
  const Note note = ParseNote(vectors.blocks[0]).value();
  const auto seed = [](uint8_t byte) {
    crypto::Ed25519Seed bytes;
    bytes.fill(byte);
    return crypto::PrivateKey::Ed25519(bytes);
  };
  const auto log =
      NoteSigner::Make("updates.example.org/log1", KeyKind::kLog, seed(0x01));
  const auto witness =
      NoteSigner::Make("w1.example.net", KeyKind::kWitness, seed(0x10));
  EXPECT_EQ(log.value().Sign(note.text), note.signatures[0]);
  EXPECT_EQ(witness.value().Cosign(note.text, 1'790'000'000),
            note.signatures[1]);
  const size_t at = text->find("message hex (w1): ");
  ASSERT_NE(at, text->npos);
  EXPECT_TRUE(text->substr(at + 18).starts_with(
      ToHex(AsBytes(CosignedMessage(1'790'000'000, note.text)))));
}

}  // namespace
}  // namespace vitrine::tlog
