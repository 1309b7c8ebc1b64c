// SPDX-License-Identifier: Apache-2.0
#include "sandbox/launch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Outcome::Kind;

// The line of /proc/PID/status after "name:" and a tab.
std::string StatusOf(pid_t pid, const std::string& name) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return {};
}

std::string Link(pid_t pid, const std::string& name) {
  const std::string path = "/proc/" + std::to_string(pid) + "/ns/" + name;
  char target[256];
  const ssize_t length = readlink(path.c_str(), target, sizeof target);
  return {target, length > 0 ? static_cast<size_t>(length) : 0};
}

Outcome Ended(Caged& caged) {
  const Result<Outcome> outcome = caged.sandboxee.Wait(seconds(20));
  EXPECT_TRUE(outcome.ok()) << outcome.error().message;
  return outcome.ok() ? outcome.value() : Outcome{Kind::kExited, -1};
}

TEST(Launch, GivesBackTheExitStatus) {
  Result<Caged> caged = LaunchTestcase({"unconfined"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  EXPECT_EQ(Ended(caged.value()), (Outcome{Kind::kExited, 7}));
  // And again, when it has gone.
  EXPECT_EQ(Ended(caged.value()), (Outcome{Kind::kExited, 7}));
}

TEST(Launch, SaysWhyAProgramCannotBeRun) {
  const auto launch = [](const std::string& program) {
    LaunchOptions options;
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    const UniqueFd other(ends[1]);
    options.channel.Reset(ends[0]);
    options.program = program;
    options.arguments = {"x"};
    return Launch(std::move(options));
  };
  const Result<Sandboxee> absent = launch("/no/such/program");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().code, Code::kNotFound);
  const Result<Sandboxee> text = launch("/etc/passwd");
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, Code::kDenied);
  EXPECT_EQ(text.error().message, "executing the program: Permission denied");
}

TEST(Launch, RefusesToStartWithoutAChannel) {
  LaunchOptions options;
  options.program = TestcaseProgram();
  options.arguments = {"x"};
  const Result<Sandboxee> sandboxee = Launch(std::move(options));
  ASSERT_FALSE(sandboxee.ok());
  EXPECT_EQ(sandboxee.error().code, Code::kInvalid);
}

TEST(Launch, SaysThatItIsStillRunningAndEndsItWhenDropped) {
  SKIP_IF_SANITIZED();
  pid_t pid;
  {
    Result<Caged> caged = LaunchTestcase({"wait"});
    ASSERT_TRUE(caged.ok()) << caged.error().message;
    pid = caged.value().sandboxee.pid();
    const Result<Outcome> outcome =
        caged.value().sandboxee.Wait(milliseconds(1));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, Code::kDeadline);
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(Launch, KillsAndTellsSo) {
  SKIP_IF_SANITIZED();
  Result<Caged> caged = LaunchTestcase({"spin"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  caged.value().sandboxee.Kill();
  pollfd ended = {caged.value().sandboxee.pidfd(), POLLIN, 0};
  EXPECT_EQ(poll(&ended, 1, 20000), 1);
  EXPECT_EQ(Ended(caged.value()), (Outcome{Kind::kSignaled, SIGKILL}));
}

TEST(Launch, TellsViolationFromCrash) {
  SKIP_IF_SANITIZED();
  for (const auto& [verb, kind] : {std::pair{"violate", Kind::kViolation},
                                   std::pair{"abort", Kind::kSignaled},
                                   std::pair{"crash", Kind::kSignaled}}) {
    Result<Caged> caged = LaunchTestcase({verb});
    ASSERT_TRUE(caged.ok()) << caged.error().message;
    const Outcome outcome = Ended(caged.value());
    EXPECT_EQ(outcome.kind, kind) << verb << ' ' << Describe(outcome);
  }
}

TEST(Launch, EndsTheSandboxeeWithItsExecutor) {
  SKIP_IF_SANITIZED();
  int report[2];
  ASSERT_EQ(pipe2(report, O_CLOEXEC), 0);
  const pid_t executor = fork();
  if (executor == 0) {
    Result<Caged> caged = LaunchTestcase({"spin"});
    const pid_t pid = caged.ok() ? caged.value().sandboxee.pid() : 0;
    (void)!write(report[1], &pid, sizeof pid);
    pause();
    _exit(0);
  }
  pid_t pid = 0;
  ASSERT_EQ(read(report[0], &pid, sizeof pid), ssize_t{sizeof pid});
  ASSERT_GT(pid, 0);
  EXPECT_EQ(kill(pid, 0), 0);
  // It inherits our orphan otherwise, and nobody would reap it.
  kill(executor, SIGKILL);
  waitpid(executor, nullptr, 0);
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  // Gone, or a zombie where this is a container without an init.
  const auto ended = [pid] {
    return kill(pid, 0) != 0 || StatusOf(pid, "State").starts_with("Z");
  };
  while (!ended() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_TRUE(ended());
  close(report[0]);
  close(report[1]);
}

TEST(Launch, BoundsMemoryAndLeavesTheSandboxeeAlive) {
  SKIP_IF_SANITIZED();
  LaunchOptions options;
  options.limits.address_space = uint64_t{512} << 20;
  Result<Caged> caged = LaunchTestcase({"hog"}, std::move(options));
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  Receive(caged.value().channel.get());
  const std::string taken = Receive(caged.value().channel.get());
  EXPECT_GT(std::stoul(taken), 256u);
  EXPECT_LT(std::stoul(taken), 512u);
  EXPECT_EQ(Ended(caged.value()), (Outcome{Kind::kExited, 5}));
}

TEST(Launch, BoundsProcessorTime) {
  SKIP_IF_SANITIZED();
  LaunchOptions options;
  options.limits.cpu_seconds = 1;
  Result<Caged> caged = LaunchTestcase({"spin"}, std::move(options));
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  EXPECT_EQ(Ended(caged.value()), (Outcome{Kind::kSignaled, SIGKILL}));
}

TEST(Launch, IsCalledByManyThreadsAtATime) {
  SKIP_IF_SANITIZED();
  constexpr int kThreads = 4;
  constexpr int kEach = 5;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> executors;
    for (int i = 0; i < kThreads; ++i) {
      executors.emplace_back([&good] {
        for (int j = 0; j < kEach; ++j) {
          Result<Caged> caged = LaunchTestcase({"exit"});
          if (!caged.ok()) continue;
          if (Ended(caged.value()) == Outcome{Kind::kExited, 5}) ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, kThreads * kEach);
}

// What the sandboxee says of itself, seen from outside.
TEST(Launch, MakesTheCageThatItReports) {
  SKIP_IF_SANITIZED();
  Result<Caged> caged = LaunchTestcase({"wait"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  const std::string text = Receive(caged.value().channel.get());
  const Result<CageReport> said = CageReport::Parse(text);
  ASSERT_TRUE(said.ok()) << text;
  CageReport report = caged.value().sandboxee.report();
  report.AdoptConfined(said.value());
  std::printf("%s", report.Format().c_str());

  const pid_t pid = caged.value().sandboxee.pid();
  EXPECT_EQ(StatusOf(pid, "Name"), "cage_testcase");
  EXPECT_EQ(StatusOf(pid, "Seccomp"), "2");
  EXPECT_EQ(StatusOf(pid, "NoNewPrivs"), "1");
  EXPECT_EQ(StatusOf(pid, "Threads"), "1");
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
    EXPECT_EQ(StatusOf(pid, set), "0000000000000000") << set;
  }
  if (report.row(Layer::kCapabilities).state == State::kFull) {
    EXPECT_EQ(StatusOf(pid, "CapBnd"), "0000000000000000");
  }
  if (report.row(Layer::kIdentity).state == State::kFull) {
    const std::string id = std::to_string(ScannerIdentity().user);
    EXPECT_EQ(StatusOf(pid, "Uid"), id + '\t' + id + '\t' + id + '\t' + id);
    EXPECT_EQ(StatusOf(pid, "Groups"), " ");
  }
  // Only root can look at the links of one that cannot be dumped.
  if (geteuid() != 0) return;
  for (const auto& [layer, name] :
       {std::pair{Layer::kUserNamespace, "user"},
        std::pair{Layer::kPidNamespace, "pid"},
        std::pair{Layer::kNetworkNamespace, "net"},
        std::pair{Layer::kMountNamespace, "mnt"},
        std::pair{Layer::kIpcNamespace, "ipc"},
        std::pair{Layer::kUtsNamespace, "uts"},
        std::pair{Layer::kCgroupNamespace, "cgroup"}}) {
    const bool own = Link(pid, name) != Link(getpid(), name);
    EXPECT_EQ(own, report.row(layer).state == State::kFull) << name;
  }
  int descriptors = 0;
  for (int i = 0; i < 1024; ++i) {
    const std::string path =
        "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(i);
    struct stat facts;
    if (lstat(path.c_str(), &facts) == 0) ++descriptors;
  }
  EXPECT_EQ(descriptors, 4);
  std::ifstream mounts("/proc/" + std::to_string(pid) + "/mounts");
  std::stringstream all;
  all << mounts.rdbuf();
  EXPECT_TRUE(all.str().starts_with("cage / tmpfs ro,nosuid,nodev,noexec"))
      << all.str();
  EXPECT_EQ(all.str().find('\n'), all.str().size() - 1) << all.str();
}

// This machine is no worse than the ones that the cage is made for.
TEST(Launch, IsFullForRootHere) {
  SKIP_IF_SANITIZED();
  if (geteuid() != 0) GTEST_SKIP() << "not root: the user id stays the same";
  Result<Caged> caged = LaunchTestcase({"exit"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  CageReport& report = caged.value().sandboxee.report();
  const auto& user = report.row(Layer::kUserNamespace);
  if (user.state != State::kFull) {
    GTEST_SKIP() << "no user namespaces here: " << user.reason;
  }
  const Result<CageReport> said =
      CageReport::Parse(Receive(caged.value().channel.get()));
  ASSERT_TRUE(said.ok());
  if (said.value().row(Layer::kLandlock).state != State::kFull) {
    GTEST_SKIP() << "no Landlock here: "
                 << said.value().row(Layer::kLandlock).reason;
  }
  report.AdoptConfined(said.value());
  EXPECT_TRUE(report.full()) << report.Format();
}

// How a process is that may not make user namespaces.
struct Poor {
  const char* uid_map;  // Of the last one that it was allowed to be in.
  bool capabilities;
};

[[noreturn]] void LaunchAndTell(const Poor& poor, int mapped, int answer) {
  char byte;
  (void)!read(mapped, &byte, 1);
  std::ofstream("/proc/sys/user/max_user_namespaces") << "0" << std::flush;
  if (!poor.capabilities) {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    if (syscall(SYS_capset, &header, none) != 0) _exit(2);
  }
  Result<Caged> caged = LaunchTestcase({"wait"});
  std::string text;
  if (caged.ok()) {
    CageReport& report = caged.value().sandboxee.report();
    const Result<CageReport> said =
        CageReport::Parse(Receive(caged.value().channel.get()));
    if (said.ok()) report.AdoptConfined(said.value());
    text = report.Format();
  } else {
    text = caged.error().message;
  }
  (void)!write(answer, text.data(), text.size());
  _exit(0);
}

// The report of a launch by a copy of this process that is in a user namespace
// in which no other can be made: as on machines where an administrator or a
// container forbids them. Empty where there are none to begin with.
std::string ReportOfThePoor(const Poor& poor) {
  int mapped[2];
  int answer[2];
  EXPECT_EQ(pipe2(mapped, O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(answer, O_CLOEXEC), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(answer[0]);
    if (unshare(CLONE_NEWUSER) != 0) _exit(1);
    (void)!write(answer[1], "u", 1);
    LaunchAndTell(poor, mapped[0], answer[1]);
  }
  close(answer[1]);
  std::string text(8192, '\0');
  if (read(answer[0], text.data(), 1) == 1) {
    const std::string folder = "/proc/" + std::to_string(child);
    std::ofstream(folder + "/uid_map") << poor.uid_map << std::flush;
    std::ofstream(folder + "/gid_map") << poor.uid_map << std::flush;
    (void)!write(mapped[1], "m", 1);
  }
  const ssize_t got = read(answer[0], text.data(), text.size());
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  waitpid(child, nullptr, 0);
  for (const int fd : {mapped[0], mapped[1], answer[0]}) close(fd);
  return text;
}

std::string Layers(const std::string& text, State state) {
  const Result<CageReport> report = CageReport::Parse(text);
  if (!report.ok()) return "no report: " + text;
  std::string layers;
  for (size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    if (report.value().row(layer).state != state) continue;
    layers += std::string(LayerName(layer)) + ' ';
  }
  return layers;
}

class LaunchWithoutUserNamespaces : public testing::Test {
 protected:
  void SetUp() override {
    SKIP_IF_SANITIZED();
    if (geteuid() != 0) GTEST_SKIP() << "only root can forbid them in a test";
    if (ReportOfThePoor({"0 0 65536", true}).empty()) {
      GTEST_SKIP() << "there are none here to begin with";
    }
  }
};

TEST_F(LaunchWithoutUserNamespaces, HasAllElseAsRoot) {
  const std::string text = ReportOfThePoor({"0 0 65536", true});
  EXPECT_EQ(Layers(text, State::kAbsent), "user_namespace cgroup ") << text;
  EXPECT_EQ(Layers(text, State::kPartial), "") << text;
}

TEST_F(LaunchWithoutUserNamespaces, KeepsItsUserWhereThereIsNoOther) {
  const std::string text = ReportOfThePoor({"0 0 1", true});
  EXPECT_EQ(Layers(text, State::kAbsent), "user_namespace identity cgroup ")
      << text;
}

TEST_F(LaunchWithoutUserNamespaces, SaysWhatIsMissingWithoutPower) {
  const std::string text = ReportOfThePoor({"0 0 1", false});
  EXPECT_EQ(Layers(text, State::kAbsent),
            "user_namespace pid_namespace network_namespace mount_namespace "
            "ipc_namespace uts_namespace cgroup_namespace identity cgroup "
            "root ")
      << text;
  EXPECT_EQ(Layers(text, State::kFull),
            "environment descriptors limits capabilities no_new_privileges "
            "undumpable landlock system_calls ")
      << text;
}

}  // namespace
}  // namespace vitrine::sandbox
