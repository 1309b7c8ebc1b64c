// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "base/unique_fd.h"
#include "guard/fanotify.h"
#include "response/identity.h"

namespace vitrine::guard {

using response::FactsOf;
using response::FileFacts;
using response::FileKey;
using response::FileKeyHash;

// The kernel's leases, as far as the cache needs them; a seam like Fanotify.
class Leases {
 public:
  virtual ~Leases() = default;
  // Takes a read lease: true if the file has no writer, and then the kernel
  // tells before it lets one in.
  virtual bool Take(int file) = 0;
  // Whether the lease still stands and nobody waits for it.
  virtual bool Stands(int file) const = 0;
  virtual void Give(int file) = 0;
};

// fcntl(2) F_SETLEASE. A break is told by the signal LeaseSignal() with the
// descriptor in si_fd, or by SIGIO where the queue of signals is full.
class KernelLeases : public Leases {
 public:
  bool Take(int file) override;
  bool Stands(int file) const override;
  void Give(int file) override;
};
int LeaseSignal();

// Clean files whose opens the kernel answers by itself, by an ignore mark.
//
// Such a mark hides opens for writing too, and the kernel does not drop it for
// writes through a shared mapping. So a file is kept only while a read lease on
// it stands: the lease cannot be had while the file is open for writing or
// mapped so, and when somebody opens it for writing the kernel makes him wait,
// tells us, and we take the mark away first. Invariant: no mark without a
// standing lease.
//
// A lease holds a descriptor and so its mount: keep files of lasting mounts
// only, or nobody can unmount. Thread-compatible: callers hold one lock.
class KernelCache {
 public:
  KernelCache(Fanotify& fanotify, Leases& leases, size_t kept_max)
      : fanotify_(fanotify), leases_(leases), kept_max_(kept_max) {}

  // Begins to look at a file: true if it has no writer. From then on until
  // Keep() or Release() a break is remembered.
  bool Hold(int file);
  // Whether what Hold() promised still stands.
  bool Unwritten(int file) const;
  // Marks a held file and takes it over; false if a writer came meanwhile, and
  // then it is released and closed.
  bool Keep(UniqueFd file, const FileFacts& facts);
  // Ends Hold() without keeping; the descriptor stays the caller's.
  void Release(int file);

  // A writer waits for this descriptor's lease, or (-1) for any.
  void Broken(int file);
  void Forget(const FileKey& key);
  void Clear();

  size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    UniqueFd file;
    FileKey key;
    uint64_t age = 0;
  };

  void Drop(int file);

  Fanotify& fanotify_;
  Leases& leases_;
  const size_t kept_max_;
  std::unordered_map<int, bool> held_;  // Whether broken.
  std::unordered_map<int, Kept> kept_;
  std::unordered_map<FileKey, int, FileKeyHash> by_key_;
  std::deque<std::pair<int, uint64_t>> order_;
  uint64_t next_age_ = 0;
};

}  // namespace vitrine::guard
