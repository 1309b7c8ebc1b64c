// SPDX-License-Identifier: Apache-2.0
#include "sandbox/filter.h"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

bool TableAllows(const FilterTable& table, const seccomp_data& call) {
  for (const Rule& rule : table.rules) {
    bool all = rule.number == call.nr;
    for (const Condition& condition : rule.conditions) {
      all = all && Holds(condition, call);
    }
    if (all) return true;
  }
  return false;
}

struct Case {
  const char* name;  // Of testdata/NAME.txt as well.
  const FilterTable& (*table)();
};

class Filter : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const Result<std::string> compiled = CompiledFilter(table_);
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    const std::string& bytes = compiled.value();
    ASSERT_EQ(bytes.size() % sizeof(sock_filter), 0u);
    code_.resize(bytes.size() / sizeof(sock_filter));
    std::memcpy(code_.data(), bytes.data(), bytes.size());
  }

  void ExpectAsInTable(const seccomp_data& call) {
    uint32_t wanted = table_.others == FilterTable::Others::kKill
                          ? SECCOMP_RET_KILL_PROCESS
                          : SECCOMP_RET_ERRNO | EPERM;
    if (table_.others == FilterTable::Others::kRefuse &&
        call.nr == SYS_clone3) {
      wanted = SECCOMP_RET_ERRNO | ENOSYS;
    }
    if (TableAllows(table_, call)) wanted = SECCOMP_RET_ALLOW;
    EXPECT_EQ(Judge(code_, call), wanted)
        << "call " << call.nr << '(' << call.args[0] << ", " << call.args[1]
        << ", " << call.args[2] << ')';
  }

  // Values at and next to every bound of a call's rules, with bits that a
  // comparison of 32 bits would not see, and some others.
  std::vector<uint64_t> ValuesFor(int number) const {
    std::vector<uint64_t> values = {0, 3, uint64_t{1} << 32, ~uint64_t{0}};
    for (const Rule& rule : table_.rules) {
      if (rule.number != number) continue;
      for (const Condition& condition : rule.conditions) {
        if (condition.test == Condition::Test::kNone) continue;
        const uint64_t value = condition.test == Condition::Test::kSelf
                                   ? static_cast<uint64_t>(getpid())
                                   : condition.value;
        for (const uint64_t near : {value, value - 1, value + 1}) {
          values.push_back(near);
          values.push_back(near | uint64_t{1} << 32);
        }
      }
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
  }

  const FilterTable& table_ = GetParam().table();
  std::vector<sock_filter> code_;
};

seccomp_data Call(int number) {
  seccomp_data call = {};
  call.nr = number;
  call.arch = AUDIT_ARCH_X86_64;
  return call;
}

TEST_P(Filter, IsTheReviewedOne) {
  const std::string name = std::string(GetParam().name) + ".txt";
  std::ifstream file(VITRINE_SOURCE_DIR "/src/sandbox/testdata/" + name);
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(FilterListing(table_), golden.str())
      << "What the program may do has changed. If that is meant, have the new "
         "listing reviewed, and put it into testdata/"
      << name;
}

TEST_P(Filter, CompilesToWhatTheTableSays) {
  for (int number = 0; number < kNumbers; ++number) {
    const std::vector<uint64_t> values = ValuesFor(number);
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

TEST_P(Filter, KillsCallsOfOtherInstructionSets) {
  for (int number = 0; number < kNumbers; ++number) {
    seccomp_data call = Call(number);
    call.arch = AUDIT_ARCH_I386;
    EXPECT_EQ(Judge(code_, call), SECCOMP_RET_KILL_PROCESS) << number;
    call.arch = AUDIT_ARCH_AARCH64;
    EXPECT_EQ(Judge(code_, call), SECCOMP_RET_KILL_PROCESS) << number;
    EXPECT_EQ(Judge(code_, Call(kX32 + number)), SECCOMP_RET_KILL_PROCESS)
        << number;
    const uint32_t negative = Judge(code_, Call(-1 - number));
    EXPECT_NE(negative, SECCOMP_RET_ALLOW) << number;
  }
}

TEST_P(Filter, AllowsNoProgramNorNewRights) {
  for (const int number :
       {SYS_execve, SYS_execveat, SYS_fork, SYS_vfork, SYS_clone3, SYS_ptrace,
        SYS_bind, SYS_listen, SYS_mount, SYS_setuid, SYS_capset, SYS_unshare,
        SYS_setns, SYS_io_uring_setup, SYS_bpf}) {
    for (const Rule& rule : table_.rules) {
      EXPECT_NE(rule.number, number) << rule.name;
    }
  }
}

TEST_P(Filter, LetsTheCourierAloneConnectToTheNetwork) {
  const bool courier = std::strcmp(GetParam().name, "courier") == 0;
  bool connects = false;
  for (const Rule& rule : table_.rules) {
    connects = connects || rule.number == SYS_connect;
  }
  EXPECT_TRUE(courier || !connects);
}

INSTANTIATE_TEST_SUITE_P(Tables, Filter,
                         testing::Values(Case{"scanner", ScannerFilter},
                                         Case{"recorder", RecorderFilter},
                                         Case{"doorman", DoormanFilter},
                                         Case{"courier", CourierFilter}),
                         [](const auto& each) {
                           return std::string(each.param.name);
                         });

TEST(ScannerFilter, AllowsNoCallThatTakesAPathOrMakesADescriptorFromOne) {
  for (const int number :
       {SYS_open, SYS_openat, SYS_openat2, SYS_creat, SYS_execve, SYS_execveat,
        SYS_newfstatat, SYS_statx, SYS_socket, SYS_socketpair, SYS_connect,
        SYS_bind, SYS_ioctl, SYS_prctl, SYS_clone, SYS_clone3, SYS_fork}) {
    for (const Rule& rule : ScannerFilter().rules) {
      EXPECT_NE(rule.number, number) << rule.name;
    }
  }
}

}  // namespace
}  // namespace vitrine::sandbox
