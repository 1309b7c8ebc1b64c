// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/vdb/database.h"

namespace vitrine::cli {

// What `vitrine info` says of a database.
struct DatabaseFacts {
  struct Section {
    const char* name = "";
    uint64_t size = 0;
    uint64_t checksum = 0;
  };
  uint64_t size = 0;
  uint32_t version = 0;
  std::string sha256;
  std::vector<Section> sections;
  std::vector<std::string> files;
  uint64_t clamav_rules = 0;
  uint64_t yara_rules = 0;
  uint64_t ungated_rules = 0;  // Evaluated for every object.
  uint64_t patterns = 0;
  uint64_t atoms = 0;
  uint64_t hashes = 0;
  uint64_t auxiliaries = 0;
  std::vector<std::string> externals;
};

DatabaseFacts FactsOf(const engine::vdb::Database& database);

}  // namespace vitrine::cli
