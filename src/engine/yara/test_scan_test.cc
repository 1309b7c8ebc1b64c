// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/test_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/byte_reader.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::yara {
namespace {

class Collector final : public MatchSink {
 public:
  explicit Collector(MatchList& list) : list_(list) {}
  bool Add(const Match& match) override {
    if (list_.matches.size() >= kMatchesMax) {
      list_.cut = true;
      return false;
    }
    list_.matches.push_back(match);
    return true;
  }

 private:
  MatchList& list_;
};

class SlowSource final : public MatchSource {
 public:
  SlowSource(const ir::Rule& rule, Bytes object, TestScan& scan)
      : rule_(rule), object_(object), scan_(scan) {}

  bool Exists(uint32_t pattern) override {
    return !All(pattern).matches.empty();
  }
  const MatchList& All(uint32_t pattern) override {
    const auto [found, fresh] = lists_.try_emplace(pattern);
    if (!fresh || pattern >= rule_.patterns.size()) return found->second;
    Collector sink(found->second);
    const ir::Pattern& p = rule_.patterns[pattern];
    const Status status =
        strings::FindAll(p.kind, p.code, object_, 0, sink, Deadline::Never());
    if (!status.ok()) scan_.errors.push_back(status.error().message);
    return found->second;
  }

 private:
  const ir::Rule& rule_;
  Bytes object_;
  TestScan& scan_;
  std::map<uint32_t, MatchList> lists_;
};

class TestEnvironment final : public Environment {
 public:
  TestEnvironment(const ir::Program& program, Bytes bytes,
                  const Externals& externals, Deadline deadline, TestScan& scan)
      : program_(program),
        externals_(externals),
        deadline_(deadline),
        scan_(scan),
        bytes_(bytes),
        object_(bytes, FileType::kBINARY_DATA),
        sources_(program.rules.size()),
        answers_(program.rules.size()) {}

  Object& object() override { return object_; }
  modules::ModuleContext& Module(std::string_view name) override {
    auto& context = modules_[std::string(name)];
    if (!context) {
      context = std::make_unique<modules::ModuleContext>(
          *modules::FindModule(name), object_);
    }
    return *context;
  }
  bool RuleHolds(uint32_t index) override {
    if (index >= answers_.size()) return false;
    if (!answers_[index]) answers_[index] = Ask(index);
    return *answers_[index];
  }
  const External* Find(std::string_view external) override {
    const auto found = externals_.find(std::string(external));
    return found == externals_.end() ? nullptr : &found->second;
  }
  Deadline deadline() override { return deadline_; }

  MatchSource& Source(uint32_t index) {
    if (!sources_[index]) {
      sources_[index] =
          std::make_unique<SlowSource>(program_.rules[index], bytes_, scan_);
    }
    return *sources_[index];
  }

 private:
  bool Ask(uint32_t index) {
    const ir::Rule& rule = program_.rules[index];
    const auto holds = Evaluate(rule.code, Source(index), *this);
    if (!holds.ok()) {
      scan_.errors.push_back(rule.name + ": " + holds.error().message);
      return false;
    }
    if (holds.value() && !(Passes(rule.gate, index) && Passes(rule.precheck))) {
      scan_.unsound.push_back(rule.name);
    }
    return holds.value();
  }

  bool Passes(const ir::Gate& gate, uint32_t rule) {
    switch (gate.kind) {
      case ir::Gate::Kind::kAlways:
        return true;
      case ir::Gate::Kind::kNever:
        return false;
      case ir::Gate::Kind::kPattern:
        return Source(rule).Exists(gate.index);
      case ir::Gate::Kind::kRule:
        return gate.index < rule && RuleHolds(gate.index);
      case ir::Gate::Kind::kAtLeast: {
        uint32_t held = 0;
        for (const ir::Gate& child : gate.children) {
          if (Passes(child, rule)) ++held;
        }
        return held >= gate.at_least;
      }
    }
    return true;
  }

  bool Passes(const ir::Precheck& check) const {
    const uint64_t size = bytes_.size();
    if (size < check.size_min || size > check.size_max) return false;
    for (const auto& word : check.words) {
      if (word.offset > size || word.width > size - word.offset) return false;
      uint32_t value = 0;
      for (int i = 0; i < word.width; ++i) {
        const size_t at = word.offset + static_cast<size_t>(i);
        value |= static_cast<uint32_t>(bytes_[at]) << (8 * i);
      }
      if (value != word.value) return false;
    }
    return true;
  }

  const ir::Program& program_;
  const Externals& externals_;
  Deadline deadline_;
  TestScan& scan_;
  Bytes bytes_;
  Object object_;
  std::vector<std::unique_ptr<SlowSource>> sources_;
  std::vector<std::optional<bool>> answers_;
  std::map<std::string, std::unique_ptr<modules::ModuleContext>> modules_;
};

}  // namespace

TestScan ScanForTest(const ir::Program& program, Bytes object,
                     const Externals& externals, Deadline deadline) {
  TestScan scan;
  TestEnvironment environment(program, object, externals, deadline, scan);
  std::set<uint32_t> forbidden;
  const auto count = static_cast<uint32_t>(program.rules.size());
  for (uint32_t i = 0; i < count; ++i) {
    const ir::Rule& rule = program.rules[i];
    if (rule.is_global && !environment.RuleHolds(i)) {
      forbidden.insert(rule.name_space);
    }
  }
  for (uint32_t i = 0; i < count; ++i) {
    const ir::Rule& rule = program.rules[i];
    const bool holds = environment.RuleHolds(i);
    if (!holds || rule.is_private || forbidden.count(rule.name_space) > 0) {
      continue;
    }
    scan.rules.push_back(rule.name);
    for (uint32_t p = 0; p < rule.patterns.size(); ++p) {
      if (rule.patterns[p].is_private) continue;
      for (const Match& match : environment.Source(i).All(p).matches) {
        scan.strings.push_back(
            {rule.patterns[p].id, match.offset, match.length});
      }
    }
  }
  return scan;
}

ir::Program CompileForTest(std::string_view source,
                           const CompileOptions& options) {
  ir::Program program;
  Compile("test.yar", source, options, program);
  return program;
}

size_t CountOf(const ir::Program& program, Severity severity) {
  return static_cast<size_t>(
      std::count_if(program.diagnostics.begin(), program.diagnostics.end(),
                    [severity](const Diagnostic& diagnostic) {
                      return diagnostic.severity == severity;
                    }));
}

std::string FirstError(const ir::Program& program) {
  for (const Diagnostic& diagnostic : program.diagnostics) {
    if (diagnostic.severity == Severity::kError) return diagnostic.code;
  }
  return "";
}

bool Holds(std::string_view condition, std::string_view object) {
  const ir::Program program =
      CompileForTest("rule t { condition: " + std::string(condition) + " }");
  for (const Diagnostic& diagnostic : program.diagnostics) {
    if (diagnostic.severity != Severity::kError) continue;
    ADD_FAILURE() << condition << ": " << diagnostic.message;
  }
  const TestScan scan = ScanForTest(program, AsBytes(object));
  for (const std::string& error : scan.errors) {
    ADD_FAILURE() << condition << ": " << error;
  }
  EXPECT_TRUE(scan.unsound.empty()) << condition;
  return !scan.rules.empty();
}

}  // namespace vitrine::engine::yara
