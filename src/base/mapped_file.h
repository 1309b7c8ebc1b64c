// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine {

// Up to this size read() into a buffer beats a mapping: 10.6 against 7.8 GB/s
// from the page cache, and small files save the page faults.
inline constexpr uint64_t kReadMax = uint64_t{32} << 20;

// The contents of one regular file as bytes in memory. Small files are read
// into the caller's buffer, larger ones are mapped, and the pages of a mapping
// are given back as the reader goes on, so that a file of any size costs
// bounded memory.
//
// A file may shrink while it is looked at. A read then ends early; a touch of
// a mapping beyond the new end would kill the process, so a handler for SIGBUS
// puts zeros there. Either way damaged() turns true: what was seen is not the
// file. The handler is installed with the first mapping and passes on signals
// that are not ours.
//
// Works in a cage: of system calls it makes fstat, pread, mmap, munmap, madvise
// and rt_sigaction, and without
// Trim::kWhenLarge starts no thread.
//
// Thread-compatible; mappings of several threads live side by side, up to
// kMappingsMax of them.
class MappedFile {
 public:
  // Who gives back the pages of a large mapping: a thread, the timer of
  // TrimByTimer(), or nobody. They belong to the page cache, which the kernel
  // takes back when it must.
  enum class Trim : uint8_t { kWhenLarge, kByTimer, kNever };

  // For a process that may not start threads later, once at its beginning:
  // starts a timer of the process's own CPU time, with a handler for SIGPROF.
  // A process that waits is not woken by it.
  static void TrimByTimer();

  // `descriptor` must be a regular file opened for reading; it may be closed
  // afterwards. The bytes live as long as this object and `buffer`, unchanged.
  static Result<MappedFile> Open(int descriptor, ByteVector& buffer,
                                 Trim trim = Trim::kWhenLarge);

  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  ~MappedFile();

  Bytes bytes() const { return bytes_; }
  // The user that the file belongs to.
  unsigned owner() const { return owner_; }
  // Whether the file changed under us, so far.
  bool damaged() const;

 private:
  class Mapping;
  MappedFile();

  static Result<MappedFile> Read(int descriptor, uint64_t size,
                                 ByteVector& buffer);
  static Result<MappedFile> Map(int descriptor, uint64_t size, Trim trim);

  Bytes bytes_;
  unsigned owner_ = 0;
  bool cut_short_ = false;
  std::unique_ptr<Mapping> mapping_;
};

// Mappings alive at one time, in all threads; one more is kUnavailable.
inline constexpr size_t kMappingsMax = 1024;

}  // namespace vitrine
