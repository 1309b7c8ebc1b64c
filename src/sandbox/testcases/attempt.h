// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace vitrine::sandbox {

// What a sandboxee of the tests is sent, as a scanner would be.
struct Handed {
  int sample;    // A regular file, opened for reading: kSampleText.
  int database;  // A sealed memory file, opened for reading: kDatabaseText.
};
inline constexpr char kSampleText[] = "the bytes of a sample";
inline constexpr char kDatabaseText[] = "the bytes of a database";

// A descriptor that the executor left open, and not close-on-exec.
inline constexpr int kForgottenDescriptor = 200;

// Something that a cage allows.
struct Legal {
  const char* name;
  bool (*run)(const Handed&);
};

// Something that a taken-over scanner would try.
struct Attempt {
  enum class End : uint8_t {
    kKilled,   // The filter ends the process: the call was never made.
    kRefused,  // The call is one of a scanner's; the kernel says no.
  };
  enum Flag : uint8_t {
    // Works in a process that is not in a cage: what the cage takes away.
    kWorksOutside = 1,
    // Refused by the other layers too, when there is no filter.
    kHeldTwice = 2,
  };

  const char* name;
  // -1 and errno: refused. Anything else: it got what it wanted.
  long (*run)(const Handed&);
  // Done just before, in the same process: the cage that stops the attempt is
  // one in which a scanner can work.
  const Legal& neighbour;
  End end = End::kKilled;
  uint8_t flags = 0;
};

std::span<const Attempt> FileAttempts();
std::span<const Attempt> NetworkAttempts();
std::span<const Attempt> ProcessAttempts();
std::span<const Attempt> MemoryAttempts();
std::span<const Attempt> KernelAttempts();

// All of them in turn.
template <typename Visit>
void ForEachAttempt(Visit visit) {
  for (const auto table : {FileAttempts(), NetworkAttempts(), ProcessAttempts(),
                           MemoryAttempts(), KernelAttempts()}) {
    for (const Attempt& attempt : table) visit(attempt);
  }
}

extern const Legal kReadSample;
extern const Legal kStatSample;
extern const Legal kMapSample;
extern const Legal kMapDatabase;
extern const Legal kCheckSeals;
extern const Legal kDuplicate;
extern const Legal kAnswer;
extern const Legal kAwaitRequest;
extern const Legal kAllocate;
extern const Legal kProtect;
extern const Legal kTellTime;
extern const Legal kDrawRandom;
extern const Legal kKnowItself;
extern const Legal kHandleBusError;

}  // namespace vitrine::sandbox

// The body of an attempt that is one system call; `handed` is in reach.
#define CALLS(...)                                  \
  [](const ::vitrine::sandbox::Handed& handed) {    \
    (void)handed;                                   \
    return static_cast<long>(syscall(__VA_ARGS__)); \
  }
