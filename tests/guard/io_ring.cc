// SPDX-License-Identifier: Apache-2.0
#include "io_ring.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace vitrine::probe {
namespace {

char* Map(int ring, size_t size, off_t offset) {
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_POPULATE, ring, offset);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

unsigned& At(char* base, unsigned offset) {
  return *reinterpret_cast<unsigned*>(base + offset);
}

}  // namespace

std::optional<IoRing> IoRing::Create() {
  IoRing ring;
  ring.ring_.Reset(
      static_cast<int>(syscall(SYS_io_uring_setup, 4, &ring.facts_)));
  if (!ring.ring_) return std::nullopt;
  const auto& facts = ring.facts_;
  ring.submissions_ =
      Map(ring.ring_.get(), facts.sq_off.array + facts.sq_entries * 4,
          IORING_OFF_SQ_RING);
  ring.completions_ =
      Map(ring.ring_.get(),
          facts.cq_off.cqes + facts.cq_entries * sizeof(io_uring_cqe),
          static_cast<off_t>(IORING_OFF_CQ_RING));
  ring.entries_ = reinterpret_cast<io_uring_sqe*>(
      Map(ring.ring_.get(), facts.sq_entries * sizeof(io_uring_sqe),
          static_cast<off_t>(IORING_OFF_SQES)));
  if (ring.submissions_ == nullptr || ring.completions_ == nullptr ||
      ring.entries_ == nullptr) {
    return std::nullopt;
  }
  return ring;
}

int IoRing::Do(const io_uring_sqe& request) {
  unsigned& tail = At(submissions_, facts_.sq_off.tail);
  const unsigned slot = tail & At(submissions_, facts_.sq_off.ring_mask);
  entries_[slot] = request;
  At(submissions_, facts_.sq_off.array + slot * 4) = slot;
  std::atomic_ref(tail).store(tail + 1, std::memory_order_release);
  if (syscall(SYS_io_uring_enter, ring_.get(), 1, 1, IORING_ENTER_GETEVENTS,
              nullptr, 0) < 0) {
    return -errno;
  }
  unsigned& head = At(completions_, facts_.cq_off.head);
  const unsigned done = head & At(completions_, facts_.cq_off.ring_mask);
  const auto* results =
      reinterpret_cast<const io_uring_cqe*>(completions_ + facts_.cq_off.cqes);
  const int result = results[done].res;
  std::atomic_ref(head).store(head + 1, std::memory_order_release);
  return result;
}

}  // namespace vitrine::probe
