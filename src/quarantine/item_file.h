// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/unique_fd.h"
#include "crypto/aead.h"
#include "quarantine/item.h"

// An item's file: prefix, sealed metadata, sealed chunks, seal. Not
// thread-safe.
namespace vitrine::quarantine {

class ItemWriter {
 public:
  // `file`: new, empty, outlives the writer. Writes prefix and metadata.
  static Result<ItemWriter> Begin(int file, const crypto::Key256& store_key,
                                  const ItemId& id, const Metadata& metadata);

  // At most kChunkSize bytes of content at `offset`; offsets ascend.
  Status AddChunk(uint64_t offset, Bytes content);
  // Ends the file; `seal.chunks` is filled in. The caller syncs.
  Status Finish(Seal seal);

 private:
  ItemWriter(int file, ByteVector prefix, crypto::Aead aead);

  int file_;
  ByteVector prefix_;  // Associated with all that is sealed.
  crypto::Aead aead_;
  uint64_t chunks_ = 0;
  ByteVector plain_;
  ByteVector sealed_;
};

class ItemReader {
 public:
  // Reads and authenticates metadata and seal. kInvalid, kTruncated or kDenied
  // where the file is not a whole item under this key.
  static Result<ItemReader> Open(UniqueFd file,
                                 const crypto::Key256& store_key);

  const Item& item() const { return item_; }
  int file() const { return file_.get(); }

  // Gives the content in ascending pieces of at most kChunkSize; what lies
  // between them are zeros. Each piece is authentic; that none is missing is
  // known when this returns Ok.
  using Sink = std::function<Status(uint64_t offset, Bytes content)>;
  Status ReadContent(const Sink& sink);

 private:
  ItemReader(UniqueFd file, ByteVector prefix, crypto::Aead aead);

  Status ReadAt(uint64_t offset, size_t size, ByteVector& out) const;
  Status ReadHead(uint32_t metadata_size);

  UniqueFd file_;
  ByteVector prefix_;
  crypto::Aead aead_;
  uint64_t file_size_ = 0;
  uint64_t content_at_ = 0;
  Item item_;
};

}  // namespace vitrine::quarantine
