// SPDX-License-Identifier: Apache-2.0
// The recorded answers of clamscan to signatures that need neither containers
// nor normalised views: every rule of a vector is run over its input by the
// slowest and plainest of matchers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/src.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "crypto/digest.h"
#include "engine/body/body.h"
#include "engine/clamav/clamav.h"
#include "engine/object/object.h"
#include "engine/sources/sources.h"
#include "formats/detect/detect.h"

namespace vitrine::engine::sources {
namespace {

namespace json = boost::json;

std::string Shared() {
  return std::string(VITRINE_SOURCE_DIR) + "/../shared/vectors/clamav/";
}

json::value ReadJson(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return json::parse(text.str());
}

std::string FromBase64(std::string_view text) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    if ((count += 6) >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xff));
    }
  }
  return out;
}

// Finds all matches of each pattern, every time it is asked first.
class PlainMatches final : public MatchSource {
 public:
  PlainMatches(const ir::Rule& rule, const body::Input& input)
      : rule_(rule), input_(input) {}

  bool Exists(uint32_t pattern) override {
    return !All(pattern).matches.empty();
  }
  const MatchList& All(uint32_t pattern) override {
    const auto [at, fresh] = found_.try_emplace(pattern);
    if (fresh && pattern < rule_.patterns.size()) {
      struct Sink final : MatchSink {
        MatchList* list = nullptr;
        bool Add(const Match& match) override {
          list->matches.push_back(match);
          return true;
        }
      } sink;
      sink.list = &at->second;
      EXPECT_TRUE(body::FindAll(rule_.patterns[pattern].code, input_, 0, sink,
                                Deadline::Never())
                      .ok());
    }
    return at->second;
  }

 private:
  const ir::Rule& rule_;
  body::Input input_;
  std::map<uint32_t, MatchList> found_;
};

class PlainEnvironment final : public clamav::Environment {
 public:
  explicit PlainEnvironment(Object& object) : object_(object) {}
  Object& object() override { return object_; }
  Bytes view() override { return object_.bytes(); }
  const ScanOptions& options() override { return options_; }
  Deadline deadline() override { return Deadline::Never(); }
  std::vector<Bytes> Icons() override { return {}; }
  void Rescan(FileType type) override { rescans.push_back(type); }

  std::vector<FileType> rescans;

 private:
  Object& object_;
  ScanOptions options_;
};

bool GateHolds(const ir::Gate& gate, PlainMatches& matches) {
  switch (gate.kind) {
    case ir::Gate::Kind::kAlways:
      return true;
    case ir::Gate::Kind::kNever:
    case ir::Gate::Kind::kRule:
      return false;
    case ir::Gate::Kind::kPattern:
      return matches.Exists(gate.index);
    case ir::Gate::Kind::kAtLeast: {
      const auto holding = std::count_if(
          gate.children.begin(), gate.children.end(),
          [&](const ir::Gate& child) { return GateHolds(child, matches); });
      return static_cast<uint32_t>(holding) >= gate.at_least;
    }
  }
  return false;
}

void RunRules(const ir::Program& program, Bytes bytes, FileType type,
              std::set<std::string>& alerts) {
  Object object(bytes, type);
  PlainEnvironment environment(object);
  const int target = TargetOf(type);
  for (const ir::Rule& rule : program.rules) {
    const ir::TargetMask views = 1u | 1u << target;
    if ((rule.targets & views) == 0) continue;
    if (bytes.size() <= 5) continue;
    if (bytes.size() < rule.precheck.size_min ||
        bytes.size() > rule.precheck.size_max) {
      continue;
    }
    PlainMatches matches(rule, {bytes, object.Layout()});
    const auto holds = clamav::Evaluate(rule.code, matches, environment);
    ASSERT_TRUE(holds.ok()) << rule.name << ": " << holds.error().message;
    if (!holds.value()) continue;
    EXPECT_TRUE(GateHolds(rule.gate, matches)) << rule.name;
    alerts.insert(rule.name);
  }
  for (const FileType again : environment.rescans) {
    if (again != type) RunRules(program, bytes, again, alerts);
  }
}

void RunHashes(const ir::Program& program, Bytes bytes,
               std::set<std::string>& alerts) {
  Object object(bytes, Detect(bytes));
  const auto is = [](const ir::HashSignature& hash, Bytes part) {
    if (hash.size != ir::HashSignature::kAnySize && hash.size != part.size()) {
      return false;
    }
    const auto equal = [&](const auto& digest) {
      return std::equal(digest.begin(), digest.end(), hash.digest.begin(),
                        hash.digest.end());
    };
    return equal(crypto::Md5(part)) || equal(crypto::Sha1(part)) ||
           equal(crypto::Sha256(part));
  };
  bool allowed = false;
  for (const ir::HashSignature& hash : program.hashes) {
    using Scope = ir::HashSignature::Scope;
    if (hash.scope == Scope::kFile && is(hash, bytes)) alerts.insert(hash.name);
    if (hash.scope == Scope::kAllow && is(hash, bytes)) allowed = true;
    if (hash.scope == Scope::kSection && object.Pe() != nullptr) {
      for (const auto& section : object.Layout()->sections) {
        if (is(hash, Clip(bytes, section.offset, section.size))) {
          alerts.insert(hash.name);
        }
      }
    }
  }
  if (allowed) alerts.clear();
}

class Vectors : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(Shared() + "inputs.json")) {
      GTEST_SKIP() << "no recorded vectors beside this tree";
    }
    folder_ = std::filesystem::temp_directory_path() /
              ("vitrine-vectors-" + std::to_string(getpid()));
    inputs_ = ReadJson(Shared() + "inputs.json");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::optional<std::string> Input(const json::object& vector) const {
    if (const auto* inline_bytes = vector.if_contains("input_b64")) {
      return FromBase64(inline_bytes->as_string());
    }
    const json::object& input =
        inputs_.as_object().at(vector.at("input").as_string()).as_object();
    if (const auto* bytes = input.if_contains("b64")) {
      return FromBase64(bytes->as_string());
    }
    return std::nullopt;
  }

  Loaded LoadDatabase(const json::object& files, const json::object& vector) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    for (const auto& [name, text] : files) {
      std::ofstream(folder_ / std::string(name), std::ios::binary)
          << std::string_view(text.as_string());
    }
    LoadOptions options;
    options.strict = true;
    for (const auto& arg : vector.at("args").as_array()) {
      if (arg.as_string() == "--detect-pua=yes") options.detect_pua = true;
    }
    std::string path = folder_;
    if (files.size() == 1) path += "/" + std::string(files.begin()->key());
    return Load({path}, options);
  }

  // Vectors of `suite` that disagree with clamscan, as "id: ...".
  std::vector<std::string> Disagreements(const std::string& suite) {
    std::vector<std::string> out;
    const json::value recorded = ReadJson(Shared() + suite + ".json");
    for (const json::value& item : recorded.at("vectors").as_array()) {
      const json::object& vector = item.as_object();
      const std::optional<std::string> input = Input(vector);
      if (!input) continue;
      ++total_;
      const json::object& files = vector.contains("db")
                                      ? vector.at("db").as_object()
                                      : recorded.at("dbs")
                                            .at(vector.at("db_ref").as_string())
                                            .as_object();
      const Loaded loaded = LoadDatabase(files, vector);
      std::set<std::string> alerts;
      if (!loaded.refused) {
        RunRules(loaded.program, AsBytes(*input), Detect(AsBytes(*input)),
                 alerts);
        RunHashes(loaded.program, AsBytes(*input), alerts);
      }
      const json::object& expect = vector.at("expect").as_object();
      std::set<std::string> wanted;
      for (const auto& name : expect.at("alerts").as_array()) {
        wanted.insert(std::string(name.as_string()));
      }
      const bool refused = expect.at("exit").as_int64() == 2;
      if (refused == loaded.refused && wanted == alerts) continue;
      out.push_back(std::string(vector.at("id").as_string()) +
                    (loaded.refused ? " refused" : "") + " got " +
                    testing::PrintToString(alerts) + " want " +
                    json::serialize(expect));
      for (const Diagnostic& diagnostic : loaded.program.diagnostics) {
        out.back() += "\n    " + diagnostic.code + ": " + diagnostic.message;
      }
    }
    return out;
  }

  std::filesystem::path folder_;
  json::value inputs_;
  size_t total_ = 0;
};

TEST_F(Vectors, AgreeWithClamscan) {
  for (const char* suite :
       {"wildcards", "boundary", "offsets", "ldb-logic", "ldb-mods", "ldb-pcre",
        "ldb-bytecmp", "ldb-macro", "ldb-fuzzy", "random-ndb", "random-ldb",
        "malformed", "random-malformed"}) {
    EXPECT_THAT(Disagreements(suite), testing::IsEmpty()) << suite;
  }
  EXPECT_GT(total_, 500u);
}

// Some of these need containers or views: what the plain run cannot know.
TEST_F(Vectors, AgreeWithClamscanWhereNoContainerIsAsked) {
  for (const char* suite : {"ldb-tdb", "hash", "cdb", "ftm"}) {
    for (const std::string& one : Disagreements(suite)) {
      const bool known = one.find("want {\"exit\":2") == std::string::npos &&
                         one.find(" refused") == std::string::npos;
      if (!known) ADD_FAILURE() << one;
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::sources
