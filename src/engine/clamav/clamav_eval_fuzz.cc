// SPDX-License-Identifier: Apache-2.0
// Hostile rule and auxiliary code, as a damaged database would hold it.
#include <cstdint>
#include <vector>

#include "engine/clamav/auxiliary.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/phishing.h"

namespace {

using namespace vitrine;
using namespace vitrine::engine;

class SomeMatches final : public MatchSource {
 public:
  bool Exists(uint32_t pattern) override { return pattern < 4; }
  const MatchList& All(uint32_t pattern) override {
    return pattern < 4 ? list_ : none_;
  }

 private:
  MatchList list_{{{3, 2}, {5, 2}}, false};
  MatchList none_;
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
  if (size > 16384) return 0;
  const Bytes code(data, size);
  static constexpr std::string_view kInput = "some 12 bytes aaaa bbbb 0x1f";
  Object object(AsBytes(kInput), FileType::kBINARY_DATA);
  object.containers = {FileType::kZIP, FileType::kGZ};
  PlainEnvironment environment(object);
  SomeMatches matches;
  (void)clamav::Evaluate(code, matches, environment).ok();
  const std::vector<Bytes> codes = {code};
  (void)clamav::MatchContainer(codes, FileType::kZIP, 10,
                               Member{"dir/a.exe", 3, 4, 0, 1, false});
  (void)clamav::ReadFileTypeEntries(codes);
  (void)clamav::ReadPasswords(codes, FileType::kZIP);
  (void)clamav::ReadConfigEntry(code).ok();
  (void)clamav::ReadCertificateRule(code).ok();
  (void)clamav::ReadIconRule(code).ok();
  (void)clamav::PhishingRules(codes).Check("http://evil.net/",
                                           "http://www.paypal.com/", {});
  return 0;
}
