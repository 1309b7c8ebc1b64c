// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "crypto/digest.h"
#include "engine/vdb/database.h"

namespace vitrine::engine::scan {

// Looks bytes up in a database's hash tables. A digest is computed only where
// some signature has the bytes' size, which few files' do. Immutable after
// construction; thread-safe.
class DigestLookup {
 public:
  explicit DigestLookup(const vdb::Database& database);

  using Scope = ir::HashSignature::Scope;

  // Calls `found` with each entry of `scope` that names `bytes`, whose size
  // counts as `size`, until it returns false. `md5`, if not null: theirs.
  void Find(Scope scope, Bytes bytes, uint64_t size,
            const std::function<bool(const vdb::HashEntry&)>& found,
            const crypto::Md5Digest* md5 = nullptr) const;

  // Whether Find() would compute the MD5 of bytes of this size.
  bool WantsMd5(Scope scope, uint64_t size) const;

  bool Has(Scope scope) const;

 private:
  bool Lists(const vdb::HashTableRecord& table, Scope scope,
             uint64_t size) const;

  const vdb::Database& database_;
};

}  // namespace vitrine::engine::scan
