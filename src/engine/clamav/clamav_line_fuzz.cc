// SPDX-License-Identifier: Apache-2.0
// The first byte chooses the format; the rest is a file of it. Whatever is
// taken must evaluate without harm.
#include <cstdint>
#include <string>

#include "engine/clamav/clamav.h"
#include "engine/clamav/reader.h"

namespace {

using namespace vitrine;
using namespace vitrine::engine;

constexpr const char* kExtensions[] = {
    "hdb", "mdb", "imp", "fp",   "ndb", "db",  "ldb", "cdb", "ftm",
    "pdb", "wdb", "gdb", "pwdb", "idb", "crb", "cfg", "ign2"};

class NoMatches final : public MatchSource {
 public:
  bool Exists(uint32_t pattern) override { return pattern % 2 == 0; }
  const MatchList& All(uint32_t) override { return list_; }

 private:
  MatchList list_{{{3, 2}, {5, 2}}, false};
};

class PlainEnvironment final : public clamav::Environment {
 public:
  explicit PlainEnvironment(Object& object) : object_(object) {
    options_.pcre_match_limit = 1000;
    options_.pcre_recmatch_limit = 100;
  }
  Object& object() override { return object_; }
  Bytes view() override { return object_.bytes(); }
  const ScanOptions& options() override { return options_; }
  Deadline deadline() override { return Deadline::Never(); }
  std::vector<Bytes> Icons() override { return {}; }
  std::optional<uint64_t> ImageHash() override { return 0; }
  void Rescan(FileType) override {}

 private:
  Object& object_;
  ScanOptions options_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 65536) return 0;
  const std::string extension =
      std::string("t.") + kExtensions[data[0] % std::size(kExtensions)];
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  clamav::ReadState ignored;
  ir::Program program;
  const clamav::ReadResult result =
      clamav::ReadFile(*clamav::ExtensionOf(extension), extension, 0, text,
                       false, ignored, program);
  if (result.refused != program.diagnostics.size()) __builtin_trap();
  static constexpr std::string_view kInput = "some 12 bytes aaaa bbbb 0x1f";
  Object object(AsBytes(kInput), FileType::kBINARY_DATA);
  PlainEnvironment environment(object);
  NoMatches matches;
  for (const ir::Rule& rule : program.rules) {
    const Result<bool> holds =
        clamav::Evaluate(rule.code, matches, environment);
    // Code that we made is never bad code.
    if (!holds.ok() && holds.error().code == Code::kInvalid) __builtin_trap();
  }
  return 0;
}
