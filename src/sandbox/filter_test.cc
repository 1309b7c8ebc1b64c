// SPDX-License-Identifier: Apache-2.0
#include "sandbox/filter.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

namespace vitrine::sandbox {
namespace {

// Numbers up to here are tried one by one; the kernel's end at 470.
constexpr int kNumbers = 512;
constexpr int kX32 = 0x40000000;

// The part of classic BPF that seccomp filters are made of.
uint32_t Judge(const std::vector<sock_filter>& code, const seccomp_data& call) {
  uint32_t accumulator = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    const sock_filter& step = code[i];
    bool taken = false;
    switch (step.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        std::memcpy(&accumulator, reinterpret_cast<const char*>(&call) + step.k,
                    4);
        continue;
      case BPF_ALU | BPF_AND | BPF_K:
        accumulator &= step.k;
        continue;
      case BPF_RET | BPF_K:
        return step.k;
      case BPF_JMP | BPF_JA:
        i += step.k;
        continue;
      case BPF_JMP | BPF_JEQ | BPF_K:
        taken = accumulator == step.k;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        taken = accumulator > step.k;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        taken = accumulator >= step.k;
        break;
      default:
        ADD_FAILURE() << "instruction " << step.code;
        return 0;
    }
    i += taken ? step.jt : step.jf;
  }
  ADD_FAILURE() << "ran off the end";
  return 0;
}

bool Holds(const Condition& condition, const seccomp_data& call) {
  const uint64_t argument = call.args[condition.argument];
  switch (condition.test) {
    case Condition::Test::kNone:
      return true;
    case Condition::Test::kEquals:
      return argument == condition.value;
    case Condition::Test::kAtMost:
      return argument <= condition.value;
    case Condition::Test::kAtLeast:
      return argument >= condition.value;
    case Condition::Test::kWithout:
      return (argument & condition.value) == 0;
    case Condition::Test::kSelf:
      return argument == static_cast<uint64_t>(getpid());
  }
  return false;
}

bool TableAllows(const seccomp_data& call) {
  for (const Rule& rule : FilterTable()) {
    bool all = rule.number == call.nr;
    for (const Condition& condition : rule.conditions) {
      all = all && Holds(condition, call);
    }
    if (all) return true;
  }
  return false;
}

class Filter : public testing::Test {
 protected:
  void SetUp() override {
    const Result<std::string> compiled = CompiledFilter();
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    const std::string& bytes = compiled.value();
    ASSERT_EQ(bytes.size() % sizeof(sock_filter), 0u);
    code_.resize(bytes.size() / sizeof(sock_filter));
    std::memcpy(code_.data(), bytes.data(), bytes.size());
  }

  void ExpectAsInTable(const seccomp_data& call) {
    const uint32_t wanted =
        TableAllows(call) ? SECCOMP_RET_ALLOW : SECCOMP_RET_KILL_PROCESS;
    EXPECT_EQ(Judge(code_, call), wanted)
        << "call " << call.nr << '(' << call.args[0] << ", " << call.args[1]
        << ", " << call.args[2] << ')';
  }

  std::vector<sock_filter> code_;
};

seccomp_data Call(int number) {
  seccomp_data call = {};
  call.nr = number;
  call.arch = AUDIT_ARCH_X86_64;
  return call;
}

TEST_F(Filter, IsTheReviewedOne) {
  std::ifstream file(VITRINE_SOURCE_DIR "/src/sandbox/testdata/policy.txt");
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(FilterListing(), golden.str())
      << "What a scanner may do has changed. If that is meant, have the new "
         "listing reviewed, and put it into testdata/policy.txt.";
}

TEST_F(Filter, CompilesToWhatTheTableSays) {
  // Values at and next to every bound of the table, and with bits that a
  // comparison of 32 bits would not see.
  const uint64_t values[] = {0,
                             1,
                             2,
                             3,
                             4,
                             5,
                             6,
                             7,
                             8,
                             9,
                             128,
                             129,
                             1030,
                             1034,
                             static_cast<uint64_t>(getpid()),
                             uint64_t{1} << 32,
                             (uint64_t{1} << 32) | 3,
                             ~uint64_t{0}};
  for (int number = 0; number < kNumbers; ++number) {
    for (const uint64_t first : values) {
      for (const uint64_t second : values) {
        for (const uint64_t third : values) {
          seccomp_data call = Call(number);
          call.args[0] = first;
          call.args[1] = second;
          call.args[2] = third;
          ExpectAsInTable(call);
        }
      }
    }
  }
}

TEST_F(Filter, KillsCallsOfOtherInstructionSets) {
  for (int number = 0; number < kNumbers; ++number) {
    seccomp_data call = Call(number);
    call.arch = AUDIT_ARCH_I386;
    EXPECT_EQ(Judge(code_, call), SECCOMP_RET_KILL_PROCESS) << number;
    call.arch = AUDIT_ARCH_AARCH64;
    EXPECT_EQ(Judge(code_, call), SECCOMP_RET_KILL_PROCESS) << number;
    EXPECT_EQ(Judge(code_, Call(kX32 + number)), SECCOMP_RET_KILL_PROCESS)
        << number;
    EXPECT_EQ(Judge(code_, Call(-1 - number)), SECCOMP_RET_KILL_PROCESS)
        << number;
  }
}

TEST_F(Filter, AllowsNoCallThatTakesAPathOrMakesADescriptorFromOne) {
  for (const int number :
       {SYS_open, SYS_openat, SYS_openat2, SYS_creat, SYS_execve, SYS_execveat,
        SYS_newfstatat, SYS_statx, SYS_socket, SYS_socketpair, SYS_connect,
        SYS_bind, SYS_ioctl, SYS_prctl, SYS_clone, SYS_clone3, SYS_fork}) {
    for (const Rule& rule : FilterTable()) {
      EXPECT_NE(rule.number, number) << rule.name;
    }
  }
}

}  // namespace
}  // namespace vitrine::sandbox
