// SPDX-License-Identifier: Apache-2.0
#include "base/mapped_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "base/file_status.h"

namespace vitrine {
namespace {

// Files of /proc say that they have no bytes and hold some: those are read to
// their end, up to this many; one that goes on is kLimit.
constexpr uint64_t kUnsizedMax = uint64_t{1} << 20;

// Mappings from this size on get their pages taken back while they are read:
// the passes over smaller ones should find what the first has brought in.
constexpr uint64_t kTrimMin = uint64_t{128} << 20;
// A reader at 2 GB/s touches 50 MB between two trims.
constexpr auto kTrimPeriod = std::chrono::milliseconds(25);

// What the signal handler knows of one mapping. A signal handler has no other
// way to find anything, hence the one global table of this program. A slot is
// taken while `taken`; `begin` is set last and cleared first.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
  std::atomic<bool> damaged{false};
  std::atomic<bool> trimmed{false};  // By OnTrimTimer().
};
Slot slots[kMappingsMax];
struct sigaction previous_action;

// Async-signal-safe: atomics without locks and one system call.
void OnBusError(int number, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (Slot& slot : slots) {
    const uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    const uintptr_t end = slot.end.load(std::memory_order_acquire);
    if (begin == 0 || address < begin || address >= end) continue;
    slot.damaged.store(true, std::memory_order_release);
    // The rest of the mapping in one go: a hole a page would be a signal a
    // page. mmap(2) is not on POSIX's list of safe calls, but is a plain
    // system call on Linux.
    const uintptr_t page = address & ~uintptr_t{4095};
    void* const zeros =
        mmap(reinterpret_cast<void*>(page), end - page, PROT_READ,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    errno = saved_errno;
    if (zeros != MAP_FAILED) return;
    break;
  }
  errno = saved_errno;
  if ((previous_action.sa_flags & SA_SIGINFO) != 0) {
    previous_action.sa_sigaction(number, info, context);
    return;
  }
  // Not ours: as if we were not there. The access is repeated and kills us.
  sigaction(SIGBUS, &previous_action, nullptr);
}

void InstallHandler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_sigaction = OnBusError;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &previous_action);
  });
}

// Async-signal-safe, as OnBusError() is.
void OnTrimTimer(int) {
  const int saved_errno = errno;
  for (Slot& slot : slots) {
    if (!slot.trimmed.load(std::memory_order_acquire)) continue;
    const uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    const uintptr_t end = slot.end.load(std::memory_order_acquire);
    if (begin == 0) continue;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  errno = saved_errno;
}

Slot* TakeSlot() {
  for (Slot& slot : slots) {
    bool free = false;
    if (slot.taken.compare_exchange_strong(free, true)) return &slot;
  }
  return nullptr;
}

Error FromErrno(const char* what, int number) {
  const Code code =
      number == EACCES || number == EPERM ? Code::kDenied : Code::kUnavailable;
  return {code, std::string(what) + ": " + std::strerror(number)};
}

}  // namespace

// One mapped range with its slot and, if it is large, the thread that takes its
// pages back. They are dropped from our address space only: the page cache
// still holds them, and a reader that comes back faults them in again.
class MappedFile::Mapping {
 public:
  Mapping(void* address, uint64_t size, Trim trim, Slot* slot)
      : address_(address), size_(size), slot_(slot) {
    const auto begin = reinterpret_cast<uintptr_t>(address);
    slot_->damaged.store(false);
    slot_->end.store(begin + size);
    slot_->begin.store(begin);
    if (trim == Trim::kWhenLarge && size >= kTrimMin) {
      trimmer_ = std::jthread([this](std::stop_token stop) { GiveBack(stop); });
    }
    slot_->trimmed.store(trim == Trim::kByTimer && size >= kTrimMin);
  }

  ~Mapping() {
    if (trimmer_.joinable()) {
      trimmer_.request_stop();
      trimmer_.join();
    }
    slot_->trimmed.store(false);
    slot_->begin.store(0);
    munmap(address_, size_);
    slot_->taken.store(false);
  }

  bool damaged() const { return slot_->damaged.load(); }

 private:
  void GiveBack(std::stop_token stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, kTrimPeriod, [] { return false; }) &&
           !stop.stop_requested()) {
      madvise(address_, size_, MADV_DONTNEED);
    }
  }

  void* const address_;
  const uint64_t size_;
  Slot* const slot_;
  std::jthread trimmer_;
};

MappedFile::MappedFile() = default;
MappedFile::MappedFile(MappedFile&&) noexcept = default;
MappedFile& MappedFile::operator=(MappedFile&&) noexcept = default;
MappedFile::~MappedFile() = default;

bool MappedFile::damaged() const {
  return cut_short_ || (mapping_ != nullptr && mapping_->damaged());
}

void MappedFile::TrimByTimer() {
  struct sigaction action = {};
  action.sa_handler = OnTrimTimer;
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPROF, &action, nullptr);
  itimerval timer = {};
  timer.it_interval.tv_usec = std::chrono::microseconds(kTrimPeriod).count();
  timer.it_value = timer.it_interval;
  setitimer(ITIMER_PROF, &timer, nullptr);
}

Result<MappedFile> MappedFile::Open(int descriptor, ByteVector& buffer,
                                    Trim trim) {
  struct stat status;
  if (FileStatus(descriptor, status) != 0) return FromErrno("fstat", errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::kInvalid, "not a regular file"};
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  MappedFile file = TRY(size <= kReadMax ? Read(descriptor, size, buffer)
                                         : Map(descriptor, size, trim));
  file.owner_ = status.st_uid;
  return file;
}

Result<MappedFile> MappedFile::Read(int descriptor, uint64_t size,
                                    ByteVector& buffer) {
  const uint64_t wanted = size == 0 ? kUnsizedMax : size;
  if (buffer.size() < wanted) buffer.resize(wanted);
  uint64_t filled = 0;
  while (filled < wanted) {
    const ssize_t got = pread(descriptor, buffer.data() + filled,
                              wanted - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FromErrno("read", errno);
    if (got == 0) break;
    filled += static_cast<uint64_t>(got);
  }
  if (size == 0 && filled == wanted) {
    return Error{Code::kLimit, "a file without a size, of more than 1 MiB"};
  }
  MappedFile file;
  file.bytes_ = Bytes(buffer.data(), filled);
  file.cut_short_ = size != 0 && filled < size;
  return file;
}

Result<MappedFile> MappedFile::Map(int descriptor, uint64_t size, Trim trim) {
  if (size > PTRDIFF_MAX) return Error{Code::kLimit, "too large to map"};
  InstallHandler();
  Slot* const slot = TakeSlot();
  if (slot == nullptr) {
    return Error{Code::kUnavailable, "too many files mapped at one time"};
  }
  void* const address = mmap(nullptr, size, PROT_READ,
                             MAP_PRIVATE | MAP_NORESERVE, descriptor, 0);
  if (address == MAP_FAILED) {
    const int number = errno;
    slot->taken.store(false);
    return FromErrno("mmap", number);
  }
  madvise(address, size, MADV_SEQUENTIAL);
  MappedFile file;
  file.bytes_ = Bytes(static_cast<const uint8_t*>(address), size);
  file.mapping_ = std::make_unique<Mapping>(address, size, trim, slot);
  return file;
}

}  // namespace vitrine
