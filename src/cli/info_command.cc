// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/database_facts.h"
#include "cli/number.h"
#include "cli/rule_source.h"

namespace vitrine::cli {
namespace {

// Files and sections listed in text; json lists them all.
constexpr size_t kFilesShown = 10;

std::string Hex64(uint64_t value) {
  ByteVector bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<uint8_t>(value >> shift));
  }
  return ToHex(bytes);
}

std::string JsonOf(const DatabaseFacts& facts) {
  JsonWriter json;
  json.BeginObject();
  json.Member("version", facts.version).Member("size", facts.size);
  json.Member("sha256", facts.sha256);
  json.Key("rules").BeginObject();
  json.Member("clamav", facts.clamav_rules).Member("yara", facts.yara_rules);
  json.Member("ungated", facts.ungated_rules).EndObject();
  json.Member("hashes", facts.hashes).Member("patterns", facts.patterns);
  json.Member("atoms", facts.atoms).Member("auxiliaries", facts.auxiliaries);
  json.Key("externals").BeginArray();
  for (const std::string& name : facts.externals) json.String(name);
  json.EndArray().Key("files").BeginArray();
  for (const std::string& name : facts.files) json.String(name);
  json.EndArray().Key("sections").BeginArray();
  for (const auto& section : facts.sections) {
    json.BeginObject().Member("name", section.name);
    json.Member("size", section.size);
    json.Member("xxh3", Hex64(section.checksum)).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

std::string TextOf(const DatabaseFacts& facts) {
  std::string text = "Compiled database, version " +
                     std::to_string(facts.version) + ", " +
                     ReadableSize(facts.size) + "\n";
  text += "SHA-256   " + facts.sha256 + "\n";
  text += "Rules     " + WithCommas(facts.clamav_rules) + " ClamAV, " +
          WithCommas(facts.yara_rules) + " YARA (" +
          WithCommas(facts.ungated_rules) + " run for every object)\n";
  text += "Hashes    " + WithCommas(facts.hashes) + "\n";
  text += "Patterns  " + WithCommas(facts.patterns) + " found by " +
          WithCommas(facts.atoms) + " atoms\n";
  text += "Other     " + WithCommas(facts.auxiliaries) + " entries\n";
  if (!facts.externals.empty()) {
    text += "Externals";
    for (const std::string& name : facts.externals) text += " " + name;
    text += "\n";
  }
  text += "Sources   " + WithCommas(facts.files.size()) + "\n";
  for (size_t i = 0; i < facts.files.size() && i < kFilesShown; ++i) {
    text += "  " + Printable(facts.files[i]) + "\n";
  }
  if (facts.files.size() > kFilesShown) text += "  ...\n";
  text += "Sections\n";
  for (const auto& section : facts.sections) {
    if (section.size == 0) continue;
    std::string name = section.name;
    name.resize(16, ' ');
    text += "  " + name + Hex64(section.checksum) + "  " +
            ReadableSize(section.size) + "\n";
  }
  return text;
}

}  // namespace

int RunInfo(const InfoArguments& arguments) {
  const auto database = engine::vdb::Database::Open(arguments.database);
  if (!database.ok()) {
    Complain(database.error().message);
    return 2;
  }
  const Status whole = database.value()->CheckAll();
  if (!whole.ok()) {
    Complain(arguments.database + ": " + whole.error().message);
    return 2;
  }
  const DatabaseFacts facts = FactsOf(*database.value());
  const std::string text = arguments.json ? JsonOf(facts) : TextOf(facts);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 2;
}

}  // namespace vitrine::cli
