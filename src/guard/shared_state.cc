// SPDX-License-Identifier: Apache-2.0
#include "guard/shared_state.h"

#include <sys/mman.h>

#include <utility>

#include "base/system_error.h"

namespace vitrine::guard {

Result<SharedMemory> SharedMemory::Create() {
  UniqueFd descriptor(memfd_create("vitrine-guard", MFD_CLOEXEC));
  if (!descriptor || ftruncate(descriptor.get(), sizeof(SharedState)) != 0) {
    return Unavailable("shared memory");
  }
  return Adopt(std::move(descriptor));
}

Result<SharedMemory> SharedMemory::Adopt(UniqueFd descriptor) {
  // New memory is zeros, which is what every member begins with.
  void* memory = mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE,
                      MAP_SHARED, descriptor.get(), 0);
  if (memory == MAP_FAILED) {
    return Unavailable("shared memory");
  }
  return SharedMemory(std::move(descriptor), static_cast<SharedState*>(memory));
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      state_(std::exchange(other.state_, nullptr)) {}

SharedMemory::~SharedMemory() {
  if (state_ != nullptr) munmap(state_, sizeof(SharedState));
}

int64_t SteadyNow() { return Nanoseconds(Deadline{Deadline::Clock::now()}); }

int64_t Nanoseconds(Deadline deadline) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             deadline.at.time_since_epoch())
      .count();
}

}  // namespace vitrine::guard
