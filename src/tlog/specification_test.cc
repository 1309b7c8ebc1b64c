// SPDX-License-Identifier: Apache-2.0
// The worked example of docs/spec/transparency-log.md is what the code makes.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "base/text.h"
#include "tlog/add_checkpoint.h"
#include "tlog/proof_file.h"
#include "tlog/test_keys.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

// The fenced blocks of the page, by the word after the fence.
std::map<std::string, std::string> BlocksOf(const std::string& page) {
  std::map<std::string, std::string> blocks;
  std::string label;
  for (const std::string_view line : Split(page, '\n')) {
    if (line.starts_with("```")) {
      label = label.empty() ? line.substr(3) : "";
    } else if (!label.empty()) {
      blocks[label] += std::string(line) + "\n";
    }
  }
  return blocks;
}

std::string HexLines(Bytes bytes) {
  const std::string hex = ToHex(bytes);
  std::string lines;
  for (size_t at = 0; at < hex.size(); at += 64) {
    lines += hex.substr(at, 64) + "\n";
  }
  return lines;
}

constexpr char kEntries[][8] = {"first\n", "second\n", "third\n"};
constexpr uint64_t kTime = 1'790'000'000;

// What the page's blocks must be.
std::map<std::string, std::string> Example() {
  std::map<std::string, std::string> blocks;
  Edge edge;
  TestFiles files;
  std::vector<Hash> leaves;
  for (const std::string_view text : kEntries) {
    const Bytes entry = AsBytes(text);
    leaves.push_back(LeafHash(entry));
    blocks["tree"] += "leaf  " + HashText(leaves.back()) + "\n";
    auto written = edge.Append({&entry, 1});
    for (TileFile& file : written.value()) {
      files[TilePath(file.tile)] = std::move(file.bytes);
    }
    blocks["tree"] += "root  " + HashText(edge.Root()) + "\n";
  }
  for (const auto& [path, bytes] : files) blocks["files"] += path + "\n";
  blocks["bundle"] = HexLines(files["tile/entries/000.p/3"]);
  blocks["tile"] = HexLines(files["tile/0/000.p/3"]);

  const std::string origin = TestLog().verifier().name();
  Note note = SignedCheckpoint(3, edge.Root());
  std::string names;
  blocks["keys"] = TestLog().verifier().Text() + "\n";
  blocks["policy"] = "log " + TestLog().verifier().Text() + "\n";
  const std::string unsigned_note = FormatNote(note);
  for (const int number : {1, 2, 3}) {
    const NoteSigner witness = TestWitness(number);
    const std::string name = "W" + std::to_string(number);
    blocks["keys"] += witness.verifier().Text() + "\n";
    blocks["policy"] += "witness " + name + " " + witness.verifier().Text() +
                        "\n";
    names += " " + name;
    if (number == 3) continue;
    const NoteSignature cosignature =
        witness.Cosign(note.text, kTime + static_cast<uint64_t>(number));
    if (number == 1) blocks["answer"] = FormatSignature(cosignature);
    MergeSignature(cosignature, note);
  }
  blocks["policy"] += "group W 2" + names + "\nquorum W\n";
  blocks["checkpoint"] = FormatNote(note);
  blocks["cosigned"] = CosignedMessage(kTime + 1, note.text);

  ProofFile file;
  file.index = 1;
  file.proof = ProveInclusion(1, 3, PlainNodes(leaves)).value();
  file.checkpoint = FormatNote(note);
  blocks["proof"] = FormatProofFile(file);
  blocks["request"] = FormatAddCheckpoint(
      {1, ProveConsistency(1, 3, PlainNodes(leaves)).value(), unsigned_note});
  blocks["conflict"] = FormatSize(1);
  return blocks;
}

TEST(Specification, ExampleIsWhatTheCodeMakes) {
  std::ifstream in(std::string(VITRINE_SOURCE_DIR) +
                   "/docs/spec/transparency-log.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const auto blocks = BlocksOf(page);
  const auto example = Example();
  EXPECT_EQ(blocks.size(), example.size());
  for (const auto& [label, text] : example) {
    const auto at = blocks.find(label);
    if (at == blocks.end()) {
      ADD_FAILURE() << "no block:\n```" << label << "\n" << text << "```";
      continue;
    }
    EXPECT_EQ(at->second, text) << label;
  }
}

TEST(Specification, ExampleHoldsByItsOwnPolicy) {
  const auto example = Example();
  const auto policy = ParsePolicy(example.at("policy"));
  ASSERT_TRUE(policy.ok());
  const auto entry =
      VerifyProofFile(example.at("proof"), LeafHash(AsBytes(kEntries[1])),
                      policy.value());
  ASSERT_TRUE(entry.ok()) << entry.error().message;
  EXPECT_EQ(entry.value().judgement.times->fresh, kTime + 1);
  EXPECT_EQ(entry.value().judgement.times->public_by, kTime + 2);
}

}  // namespace
}  // namespace vitrine::tlog
