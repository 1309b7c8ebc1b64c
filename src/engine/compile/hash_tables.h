// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/compile/pools.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// Lays hash signatures out, a table for each scope and digest length.
struct HashTables {
  std::vector<vdb::HashTableRecord> tables;
  ByteVector digests;
  std::vector<vdb::HashEntry> entries;
  std::vector<uint64_t> sizes;
};

HashTables LayHashTables(const std::vector<ir::HashSignature>& signatures,
                         StringPool& strings);

}  // namespace vitrine::engine::compile
