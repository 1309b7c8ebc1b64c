// SPDX-License-Identifier: Apache-2.0
// What a taken-over service would try, each attempt in a process that has just
// done what the service is for.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

#include "base/unique_fd.h"
#include "sandbox/service_cage.h"
#include "sandbox/testcases/service_attempt.h"
#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

struct Service {
  const char* name;
  const FilterTable& (*filter)();
  bool reads_all;
  ServicePolicy::Namespaces namespaces;
  bool (*works)(const Surroundings&);
  Tcp tcp = Tcp::kNone;
};

bool WriteAndRename(const Surroundings& around) {
  const std::string hidden = around.inside + "/.new";
  const std::string name = around.inside + "/new";
  const UniqueFd file(open(hidden.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  return file && write(file.get(), "event", 5) == 5 &&
         renameat(AT_FDCWD, hidden.c_str(), AT_FDCWD, name.c_str()) == 0 &&
         unlinkat(AT_FDCWD, name.c_str(), 0) == 0;
}

bool Records(const Surroundings& around) {
  const UniqueFd journal(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return WriteAndRename(around) && journal;
}

bool Serves(const Surroundings& around) {
  const UniqueFd read(open(around.secret.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd memory(memfd_create("stream", MFD_CLOEXEC));
  const UniqueFd spooled(
      open(around.inside.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return false;
  bool ran = false;
  std::thread([&] { ran = true; }).join();
  return read && memory && spooled && ran;
}

bool Fetches(const Surroundings& around) {
  const std::string part = around.inside + "/part";
  const std::string name = around.inside + "/folder/name";
  const UniqueFd file(open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file || fsync(file.get()) != 0 ||
      (mkdir((around.inside + "/folder").c_str(), 0700) != 0 &&
       errno != EEXIST) ||
      rename(part.c_str(), name.c_str()) != 0 || unlink(name.c_str()) != 0) {
    return false;
  }
  // Nobody listens on that port; but it was asked.
  const UniqueFd mirror(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where = {};
  where.sin_family = AF_INET;
  where.sin_port = htons(1);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool asked = connect(mirror.get(), reinterpret_cast<sockaddr*>(&where),
                             sizeof where) == 0 ||
                     errno == ECONNREFUSED;
  bool ran = false;
  std::thread([&] { ran = true; }).join();
  return mirror && asked && ran;
}

constexpr Service kServices[] = {
    {"recorder", RecorderFilter, false, ServicePolicy::Namespaces::kLeave,
     Records},
    {"doorman", DoormanFilter, true, ServicePolicy::Namespaces::kStay, Serves},
    {"courier", CourierFilter, false, ServicePolicy::Namespaces::kStay, Fetches,
     Tcp::kConnect},
};

enum Ending : int { kEscaped, kRefused, kNoCage, kNoWork, kOddly };

// In the child.
[[noreturn]] void TryCaged(const Service& service,
                           const ServiceAttempt& attempt,
                           const Surroundings& around) {
  std::vector<Place> places = {{around.inside, Place::Use::kWrite}};
  if (service.reads_all) places.push_back({"/", Place::Use::kRead});
  if (!ConfineService(
           {service.filter(), places, {}, service.namespaces, service.tcp})
           .ok()) {
    _exit(kNoCage);
  }
  if (!service.works(around)) _exit(kNoWork);
  errno = 0;
  if (attempt.run(around) != -1) _exit(kEscaped);
  const bool refused = errno == EPERM || errno == EACCES || errno == ENOSYS;
  if (!refused) std::perror(attempt.name);
  _exit(refused ? kRefused : kOddly);
}

class ServiceEscape : public testing::TestWithParam<Service> {
 protected:
  void SetUp() override {
    SKIP_IF_SANITIZED();
    std::string name = testing::TempDir() + "/cage.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    around_.inside = folder_ + "/inside";
    around_.outside = folder_ + "/outside";
    around_.secret = around_.outside + "/secret";
    around_.parent = getpid();
    ASSERT_EQ(mkdir(around_.inside.c_str(), 0700), 0);
    ASSERT_EQ(mkdir(around_.outside.c_str(), 0700), 0);
    const UniqueFd file(
        open(around_.secret.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(write(file.get(), "secret", 6), 6);
  }
  void TearDown() override {
    if (folder_.empty()) return;
    (void)!std::system(("rm -rf '" + folder_ + "'").c_str());
  }

  std::string folder_;
  Surroundings around_;
};

TEST_P(ServiceEscape, FailsNextToWhatTheServiceIsFor) {
  const Service& service = GetParam();
  int count = 0;
  for (const ServiceAttempt& attempt : ServiceAttempts()) {
    if (attempt.legal_for != nullptr &&
        std::strcmp(attempt.legal_for, service.name) == 0) {
      continue;
    }
    const pid_t child = fork();
    if (child == 0) TryCaged(service, attempt, around_);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    // Calls of other instruction sets kill.
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
    EXPECT_TRUE(killed ||
                (WIFEXITED(status) && WEXITSTATUS(status) == kRefused))
        << attempt.name << ": " << status;
    ++count;
  }
  std::printf("%s: %d attempts\n", service.name, count);
  EXPECT_GE(count, 40);
  const UniqueFd secret(open(around_.secret.c_str(), O_RDONLY | O_CLOEXEC));
  char text[16] = {};
  EXPECT_EQ(read(secret.get(), text, sizeof text), 6);
}

// Were the attempts themselves broken, the test above would prove nothing.
TEST_P(ServiceEscape, SucceedsWithoutACageWhereItShould) {
  int count = 0;
  for (const ServiceAttempt& attempt : ServiceAttempts()) {
    if (!attempt.works_outside) continue;
    const pid_t child = fork();
    if (child == 0) _exit(attempt.run(around_) != -1 ? kEscaped : kRefused);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == kEscaped)
        << attempt.name << ": " << status;
    ++count;
  }
  EXPECT_GE(count, 20);
}

INSTANTIATE_TEST_SUITE_P(Services, ServiceEscape, testing::ValuesIn(kServices),
                         [](const auto& each) { return each.param.name; });

TEST(ServiceCage, SaysWhatItHas) {
  SKIP_IF_SANITIZED();
  const pid_t child = fork();
  if (child == 0) {
    const auto report = ConfineService({RecorderFilter(),
                                        {{"/dev/null", Place::Use::kWrite}},
                                        {},
                                        ServicePolicy::Namespaces::kLeave});
    if (!report.ok()) _exit(1);
    const std::string missing = MissingOf(report.value());
    if (!missing.empty()) std::printf("missing here: %s\n", missing.c_str());
    std::fflush(stdout);
    using enum State;
    const bool good =
        report.value().row(Layer::kSystemCalls).state == kFull &&
        report.value().row(Layer::kNoNewPrivileges).state == kFull &&
        report.value().row(Layer::kRoot).reason == "not a service's";
    _exit(good ? 0 : 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(ServiceCage, RefusesAPlaceThatIsNotThere) {
  SKIP_IF_SANITIZED();
  const pid_t child = fork();
  if (child == 0) {
    const auto report = ConfineService({RecorderFilter(),
                                        {{"/no/such/place"}},
                                        {},
                                        ServicePolicy::Namespaces::kStay});
    const bool landlock =
        report.ok() &&
        report.value().row(Layer::kLandlock).state == State::kAbsent;
    _exit(landlock || (!report.ok() && report.error().code == Code::kNotFound)
              ? 0
              : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace vitrine::sandbox
