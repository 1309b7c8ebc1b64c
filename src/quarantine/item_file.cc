// SPDX-License-Identifier: Apache-2.0
#include "quarantine/item_file.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/byte_reader.h"
#include "base/check.h"
#include "base/code.h"
#include "quarantine/key.h"
#include "quarantine/limits.h"

namespace vitrine::quarantine {
namespace {

enum class Part : uint32_t { kMetadata = 0, kChunk = 1, kSeal = 2 };

constexpr size_t kSealedSealSize = kSealSize + crypto::kTagSize;
// What stands before a chunk, in clear; 0 stands before the seal.
constexpr size_t kLengthSize = 4;
constexpr size_t kOffsetSize = 8;
constexpr size_t kSealedChunkMax = kOffsetSize + kChunkSize + crypto::kTagSize;

// Unique under an item's key: the key is the item's own.
crypto::Nonce96 NonceOf(Part part, uint64_t number) {
  CodeWriter out;
  out.U64(number);
  out.U32(static_cast<uint32_t>(part));
  const ByteVector bytes = out.Take();
  crypto::Nonce96 nonce;
  std::copy(bytes.begin(), bytes.end(), nonce.begin());
  return nonce;
}

Error Damaged(const char* what) {
  return {Code::kInvalid, std::string("quarantine item: ") + what};
}

}  // namespace

ItemWriter::ItemWriter(int file, ByteVector prefix, crypto::Aead aead)
    : file_(file), prefix_(std::move(prefix)), aead_(std::move(aead)) {}

Result<ItemWriter> ItemWriter::Begin(int file, const crypto::Key256& store_key,
                                     const ItemId& id,
                                     const Metadata& metadata) {
  const ByteVector plain = EncodeMetadata(metadata);
  Prefix prefix;
  prefix.id = id;
  crypto::RandomBytes(prefix.salt);
  if (plain.size() > kMetadataMax - crypto::kTagSize) {
    return Error{Code::kLimit, "too much metadata for a quarantine item"};
  }
  prefix.metadata_size = static_cast<uint32_t>(plain.size() + crypto::kTagSize);
  ItemWriter writer(file, EncodePrefix(prefix),
                    crypto::Aead(ItemKey(store_key, prefix)));
  writer.sealed_ = writer.prefix_;
  writer.aead_.Seal(NonceOf(Part::kMetadata, 0), writer.prefix_, plain,
                    writer.sealed_);
  TRY(WriteContent(file, writer.sealed_));
  return writer;
}

Status ItemWriter::AddChunk(uint64_t offset, Bytes content) {
  CHECK(!content.empty() && content.size() <= kChunkSize);
  CodeWriter head;
  head.U64(offset);
  plain_ = head.Take();
  plain_.insert(plain_.end(), content.begin(), content.end());
  CodeWriter length;
  length.U32(static_cast<uint32_t>(plain_.size() + crypto::kTagSize));
  sealed_ = length.Take();
  aead_.Seal(NonceOf(Part::kChunk, chunks_), prefix_, plain_, sealed_);
  ++chunks_;
  return WriteContent(file_, sealed_);
}

Status ItemWriter::Finish(Seal seal) {
  seal.chunks = chunks_;
  sealed_.assign(kLengthSize, 0);
  aead_.Seal(NonceOf(Part::kSeal, 0), prefix_, EncodeSeal(seal), sealed_);
  return WriteContent(file_, sealed_);
}

ItemReader::ItemReader(UniqueFd file, ByteVector prefix, crypto::Aead aead)
    : file_(std::move(file)),
      prefix_(std::move(prefix)),
      aead_(std::move(aead)) {}

Result<ItemReader> ItemReader::Open(UniqueFd file,
                                    const crypto::Key256& store_key) {
  struct stat status;
  if (fstat(file.get(), &status) != 0) return FromErrno("quarantine item");
  if (!S_ISREG(status.st_mode)) return Damaged("not a plain file");
  ByteVector head(kPrefixSize);
  const ssize_t got = pread(file.get(), head.data(), head.size(), 0);
  if (got < 0) return FromErrno("quarantine item");
  head.resize(static_cast<size_t>(got));
  const Prefix prefix = TRY(ParsePrefix(head));
  ItemReader reader(std::move(file), head,
                    crypto::Aead(ItemKey(store_key, prefix)));
  reader.file_size_ = static_cast<uint64_t>(status.st_size);
  reader.item_.id = prefix.id;
  reader.item_.stored = static_cast<uint64_t>(status.st_blocks) * 512;
  TRY(reader.ReadHead(prefix.metadata_size));
  return reader;
}

Status ItemReader::ReadHead(uint32_t metadata_size) {
  content_at_ = kPrefixSize + uint64_t{metadata_size};
  if (file_size_ < content_at_ + kLengthSize + kSealedSealSize) {
    return Error{Code::kTruncated, "quarantine item: not whole"};
  }
  ByteVector sealed;
  TRY(ReadAt(kPrefixSize, metadata_size, sealed));
  ByteVector plain;
  TRY(aead_.Open(NonceOf(Part::kMetadata, 0), prefix_, sealed, plain));
  item_.metadata = TRY(ParseMetadata(plain));
  TRY(ReadAt(file_size_ - kSealedSealSize, kSealedSealSize, sealed));
  plain.clear();
  TRY(aead_.Open(NonceOf(Part::kSeal, 0), prefix_, sealed, plain));
  item_.seal = TRY(ParseSeal(plain));
  return Ok();
}

Status ItemReader::ReadAt(uint64_t offset, size_t size, ByteVector& out) const {
  out.resize(size);
  size_t have = 0;
  while (have < size) {
    const ssize_t got = pread(file_.get(), out.data() + have, size - have,
                              static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("reading a quarantine item");
    if (got == 0) return Damaged("ends early");
    have += static_cast<size_t>(got);
  }
  return Ok();
}

Status ItemReader::ReadContent(const Sink& sink) {
  uint64_t at = content_at_;
  uint64_t content_end = 0;
  ByteVector sealed;
  ByteVector plain;
  for (uint64_t chunk = 0; chunk < item_.seal.chunks; ++chunk) {
    TRY(ReadAt(at, kLengthSize, sealed));
    const uint32_t length = *ByteReader(sealed).U32(0);
    if (length <= kOffsetSize + crypto::kTagSize || length > kSealedChunkMax) {
      return Damaged("chunk of an impossible length");
    }
    TRY(ReadAt(at + kLengthSize, length, sealed));
    plain.clear();
    TRY(aead_.Open(NonceOf(Part::kChunk, chunk), prefix_, sealed, plain));
    const uint64_t offset = *ByteReader(plain).U64(0);
    const Bytes content = Bytes(plain).subspan(kOffsetSize);
    if (offset < content_end || offset > item_.seal.size ||
        content.size() > item_.seal.size - offset) {
      return Damaged("chunks out of order");
    }
    TRY(sink(offset, content));
    content_end = offset + content.size();
    at += kLengthSize + length;
  }
  TRY(ReadAt(at, kLengthSize, sealed));
  if (at + kLengthSize + kSealedSealSize != file_size_ ||
      ByteReader(sealed).U32(0) != 0u) {
    return Damaged("something else than a seal after the chunks");
  }
  return Ok();
}

}  // namespace vitrine::quarantine
