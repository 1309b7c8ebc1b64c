// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "formats/codec/zstd_frame.h"
#include "tlog/edge.h"
#include "tlog/test_keys.h"
#include "tuf/profile.h"
#include "tuf/testing.h"
#include "update/archive/archive.h"
#include "update/delta/delta.h"
#include "update/release/leaf.h"

// A publisher in memory that tests may bend: its documents, its log, and which
// of its keys sign. Write() makes the files that a web server has.
namespace vitrine {

class TestPublisher {
 public:
  // Those of other `days` have other roots.
  explicit TestPublisher(int days = 0) {
    repo.root.keys.clear();
    repo.roles.clear();
    repo.snapshot.meta.clear();
    repo.signers.clear();
    const auto people = People(3);
    repo.root.root = Role(people, 4, repo.root.keys, "root");
    repo.root.targets = Role(people, 4, repo.root.keys, "targets");
    const std::vector<tuf::Signer> snapshot = {tuf::TestSigner(80),
                                               tuf::TestSigner(81)};
    repo.root.snapshot = Role(snapshot, 1, repo.root.keys, "snapshot");
    repo.root.timestamp =
        Role({tuf::TestSigner(82)}, 1, repo.root.keys, "timestamp");
    repo.AddRole("targets");
    repo.AddRole("db");
    auto& delegations = repo.roles["targets"].delegations.emplace();
    tuf::Delegation db;
    db.name = "db";
    db.terminating = true;
    db.paths = {"db/*/*"};
    db.keys = Role(People(2), 3, delegations.keys, "db");
    delegations.roles.push_back(std::move(db));
    repo.root.expires += days * tuf::kTestDay;
    repo.PublishRoot();
    repo.PublishAll();
    AddLeaf("root", repo.root.version, repo.metadata["1.root.json"], {});
    AddLeaf("targets", 1, repo.metadata["1.targets.json"], {});
  }

  // The next version of db with release `number` of a channel.
  void Release(uint64_t number, const std::string& database,
               const std::string& channel = "main") {
    const std::string stem =
        "db/" + channel + '/' + channel + '-' + std::to_string(number);
    update::Leaf leaf;
    leaf.contents = {update::DescribeFile(stem + ".vdb", AsBytes(database))};
    const std::string packed = Packed(database);
    AddTarget(stem + ".vdb.zst", packed, leaf);
    auto& databases = databases_[channel];
    if (const auto old = databases.find(number - 1); old != databases.end()) {
      AddTarget(
          "db/" + channel + '/' + channel + '-' + std::to_string(number - 1) +
              '-' + std::to_string(number) + ".delta",
          DeltaOf(old->second, delta_to.empty() ? database : delta_to), leaf);
    }
    databases[number] = database;
    PublishDb(std::move(leaf));
  }

  // db, signed anew, with this entry in the log.
  void PublishDb(update::Leaf leaf) {
    if (!releases_) {
      releases_ = true;
    } else {
      ++repo.roles["db"].version;
    }
    ++repo.snapshot.version;
    ++repo.timestamp.version;
    repo.PublishAll();
    const auto version = static_cast<uint64_t>(repo.roles["db"].version);
    std::sort(leaf.targets.begin(), leaf.targets.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    if (log_releases) {
      AddLeaf("db", version,
              repo.metadata[std::to_string(version) + ".db.json"],
              std::move(leaf));
    }
  }

  void AddLeaf(const std::string& role, int64_t version,
               const std::string& file, update::Leaf leaf) {
    leaf.role = role;
    leaf.metadata = {static_cast<uint64_t>(version), file.size(),
                     crypto::Sha256(AsBytes(file))};
    if (const auto at = last_.find(role); at != last_.end()) {
      leaf.previous = at->second;
    }
    last_[role] = edge.size();
    AddEntry(update::FormatLeaf(leaf).value());
  }

  void AddEntry(const std::string& entry) {
    const std::vector<Bytes> entries = {AsBytes(entry)};
    auto written = edge.Append(entries);
    CHECK(written.ok());
    for (auto& file : written.value()) {
      log["log/" + tlog::TilePath(file.tile)] = std::move(file.bytes);
    }
  }

  // The checkpoint, cosigned by witnesses 1.. at these times; 0: not.
  std::string Checkpoint(const std::vector<uint64_t>& times) const {
    tlog::Note note = tlog::SignedCheckpoint(edge.size(), edge.Root());
    for (size_t i = 0; i < times.size(); ++i) {
      if (times[i] == 0) continue;
      note.signatures.push_back(tlog::TestWitness(static_cast<int>(i + 1))
                                    .Cosign(note.text, times[i]));
    }
    return tlog::FormatNote(note);
  }

  // Every file of the site by its path.
  std::map<std::string, std::string> Files(
      const std::vector<uint64_t>& times) const {
    std::map<std::string, std::string> files;
    for (const auto& [name, file] : repo.metadata) {
      files["metadata/" + name] = file;
    }
    for (const auto& [name, file] : repo.targets) {
      if (name.find('/') != name.npos) files["targets/" + name] = file;
    }
    for (const auto& [name, bytes] : log) files[name] = AsText(bytes);
    files["log/checkpoint"] = Checkpoint(times);
    return files;
  }

  void Write(const std::filesystem::path& site,
             const std::vector<uint64_t>& times) const {
    for (const auto& [name, file] : Files(times)) {
      std::filesystem::create_directories((site / name).parent_path());
      std::ofstream(site / name, std::ios::binary) << file;
    }
  }

  std::string Bundle(const std::vector<uint64_t>& times) const {
    update::ArchiveWriter archive;
    const auto files = Files(times);
    for (const auto& [name, file] : files) {
      // The name by SHA-512 is too long for a header; the other one serves.
      if (!update::IsArchiveName(name)) continue;
      CHECK(archive.Add(name, AsBytes(file)).ok());
    }
    return std::string(AsText(archive.Finish()));
  }

  std::string Trust(uint64_t min_age = 0) const {
    std::string text =
        "vitrine/trust/v1\nroot 1 sha256:" +
        ToHex(crypto::Sha256(AsBytes(repo.metadata.at("1.root.json")))) +
        "\nmax-stale 86400\nmin-age db " + std::to_string(min_age) +
        "\nmin-age root 0\nmin-age targets 0\npolicy\nlog " +
        tlog::TestLog().verifier().Text() + '\n';
    for (int i = 1; i <= 3; ++i) {
      text += "witness w" + std::to_string(i) + ' ' +
              tlog::TestWitness(i).verifier().Text() + '\n';
    }
    return text + "group g 2 w1 w2 w3\nquorum g\n";
  }

  static std::string Packed(const std::string& bytes) {
    return std::string(AsText(codec::PackFrame(AsBytes(bytes), {}, 3).value()));
  }

  static std::string DeltaOf(const std::string& from, const std::string& to) {
    update::Delta plan;
    update::Part part;
    part.old_size = from.size();
    part.new_size = to.size();
    plan.parts.push_back(part);
    const auto made = update::MakeDelta(plan, AsBytes(from), AsBytes(to));
    CHECK(made.ok());
    return std::string(AsText(made.value()));
  }

  // As many people of each side.
  static std::vector<tuf::Signer> People(int each) {
    std::vector<tuf::Signer> people;
    for (const tuf::Side side : {tuf::Side::kVendor, tuf::Side::kOutside}) {
      for (int i = 0; i < each; ++i) {
        json::Object fields;
        fields.Set(tuf::kSideField, std::string(tuf::SideName(side)));
        people.push_back(tuf::TestSigner(
            static_cast<uint8_t>((side == tuf::Side::kVendor ? 10 : 40) + i),
            fields));
      }
    }
    return people;
  }

  tuf::RoleKeys Role(const std::vector<tuf::Signer>& signers, int64_t threshold,
                     tuf::Keys& keys, const std::string& name) {
    tuf::RoleKeys role;
    role.threshold = threshold;
    for (const tuf::Signer& signer : signers) {
      role.key_ids.push_back(signer.key().id());
      keys.insert_or_assign(signer.key().id(), signer.key());
    }
    repo.signers[name] = signers;
    return role;
  }

  tuf::TestRepository repo;
  tlog::Edge edge;
  std::map<std::string, ByteVector> log;
  std::string delta_to;      // What deltas lead to, where not to the database.
  bool log_releases = true;  // Whether db's versions become entries.

 private:
  void AddTarget(const std::string& path, const std::string& bytes,
                 update::Leaf& leaf) {
    repo.AddTarget("db", path, bytes);
    leaf.targets.push_back(update::DescribeFile(path, AsBytes(bytes)));
  }

  std::map<std::string, std::map<uint64_t, std::string>> databases_;
  std::map<std::string, uint64_t> last_;
  bool releases_ = false;
};

}  // namespace vitrine
