// SPDX-License-Identifier: Apache-2.0
#include "sandbox/cgroup.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using std::chrono::seconds;
using Kind = Outcome::Kind;

// Tests of several users at a time must not meet.
std::string Name() { return "vitrine-test-" + std::to_string(getpid()); }

// User and system time of a process, in clock ticks of 10 ms.
long TicksOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream rest(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  long user = 0;
  long system = 0;
  rest >> user >> system;
  return user + system;
}

#define CREATE_OR_SKIP(cgroup, ...)                                  \
  SKIP_IF_SANITIZED();                                               \
  const Result<Cgroup> cgroup = Cgroup::Create(Name(), __VA_ARGS__); \
  if (!cgroup.ok()) GTEST_SKIP() << cgroup.error().message

TEST(Cgroup, BoundsMemoryByTheKernelsHand) {
  CgroupLimits limits;
  limits.memory = uint64_t{64} << 20;
  CREATE_OR_SKIP(cgroup, limits);
  LaunchOptions options;
  options.cgroup = &cgroup.value();
  Result<Caged> caged = LaunchTestcase({"fill"}, std::move(options));
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  const auto& row = caged.value().sandboxee.report().row(Layer::kCgroup);
  EXPECT_EQ(row.state, State::kFull) << row.reason;
  const Result<Outcome> outcome = caged.value().sandboxee.Wait(seconds(60));
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome.value(), (Outcome{Kind::kSignaled, SIGKILL}));
}

TEST(Cgroup, BoundsProcessorTime) {
  CgroupLimits limits;
  limits.cpu_percent = 20;
  CREATE_OR_SKIP(cgroup, limits);
  LaunchOptions options;
  options.cgroup = &cgroup.value();
  Result<Caged> caged = LaunchTestcase({"spin"}, std::move(options));
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  Receive(caged.value().channel.get());
  const long before = TicksOf(caged.value().sandboxee.pid());
  std::this_thread::sleep_for(seconds(1));
  EXPECT_LE(TicksOf(caged.value().sandboxee.pid()) - before, 50);
}

TEST(Cgroup, TakesOneThatIsThereAlready) {
  CgroupLimits limits;
  limits.memory = uint64_t{64} << 20;
  CREATE_OR_SKIP(first, limits);
  EXPECT_TRUE(Cgroup::Create(Name(), limits).ok());
}

TEST(Cgroup, RefusesNamesThatArePaths) {
  CgroupLimits limits;
  limits.memory = 1;
  for (const char* name : {"", ".", "..", "a/b", "/a"}) {
    const Result<Cgroup> cgroup = Cgroup::Create(name, limits);
    ASSERT_FALSE(cgroup.ok()) << name;
    EXPECT_EQ(cgroup.error().code, Code::kInvalid) << name;
  }
}

}  // namespace
}  // namespace vitrine::sandbox
