// SPDX-License-Identifier: Apache-2.0
// What a taken-over scanner would try: testcases/*_attempts_table.cc.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <cstring>

#include "sandbox/testcases/attempt.h"
#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using std::chrono::seconds;

// What each sandboxee is handed: opened for reading only, as a scanner's.
class Gifts {
 public:
  Gifts() {
    sample_ = ReadOnly(kSampleText, sizeof kSampleText - 1, 0);
    database_ =
        ReadOnly(kDatabaseText, sizeof kDatabaseText - 1,
                 F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  }

  bool ok() const { return sample_ && database_; }

  bool Hand(int channel) const {
    char byte = 'g';
    iovec part = {&byte, 1};
    alignas(cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = room;
    message.msg_controllen = sizeof room;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(2 * sizeof(int));
    const int fds[2] = {sample_.get(), database_.get()};
    std::memcpy(CMSG_DATA(header), fds, sizeof fds);
    return sendmsg(channel, &message, MSG_NOSIGNAL) == 1;
  }

 private:
  static UniqueFd ReadOnly(const char* text, size_t size, int seals) {
    const UniqueFd file(memfd_create("gift", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (write(file.get(), text, size) != static_cast<ssize_t>(size)) return {};
    if (seals != 0 && fcntl(file.get(), F_ADD_SEALS, seals) != 0) return {};
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    return UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }

  UniqueFd sample_;
  UniqueFd database_;
};

// What became of one attempt.
struct Ending {
  bool neighbour_worked = false;
  std::string said;  // errno's name, if it was refused.
  Outcome outcome = {Outcome::Kind::kExited, -1};

  bool escaped() const {
    return outcome.kind == Outcome::Kind::kExited && outcome.number == 0;
  }
  bool refused() const {
    return outcome.kind == Outcome::Kind::kExited && outcome.number == 1;
  }
  std::string Text() const { return Describe(outcome) + ' ' + said; }
};

void Listen(int channel, Ending& ending) {
  for (;;) {
    const std::string said = Receive(channel);
    if (said.empty()) return;
    if (said == "works") {
      ending.neighbour_worked = true;
    } else {
      ending.said = said;
    }
  }
}

Ending RunCaged(const Attempt& attempt, const char* mode, const Gifts& gifts) {
  Ending ending;
  LaunchOptions options;
  options.limits.address_space = uint64_t{4} << 30;
  Result<Caged> caged =
      LaunchTestcase({"attempt", attempt.name, mode}, std::move(options));
  if (!caged.ok()) {
    ending.said = caged.error().message;
    return ending;
  }
  gifts.Hand(caged.value().channel.get());
  Listen(caged.value().channel.get(), ending);
  const Result<Outcome> outcome = caged.value().sandboxee.Wait(seconds(20));
  if (outcome.ok()) {
    ending.outcome = outcome.value();
  } else {
    ending.said = outcome.error().message;
  }
  return ending;
}

// The same program as an ordinary child.
Ending RunOutside(const Attempt& attempt, const Gifts& gifts) {
  Ending ending;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return ending;
  }
  const UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  const std::string program = TestcaseProgram();
  const pid_t child = fork();
  if (child == 0) {
    dup2(theirs.get(), 3);
    execl(program.c_str(), "cage_testcase", "attempt", attempt.name, "outside",
          nullptr);
    _exit(99);
  }
  theirs.Reset();
  gifts.Hand(ours.get());
  Listen(ours.get(), ending);
  int status = 0;
  waitpid(child, &status, 0);
  ending.outcome = WIFEXITED(status)
                       ? Outcome{Outcome::Kind::kExited, WEXITSTATUS(status)}
                       : Outcome{Outcome::Kind::kSignaled, WTERMSIG(status)};
  return ending;
}

class Escape : public testing::Test {
 protected:
  void SetUp() override {
    SKIP_IF_SANITIZED();
    ASSERT_TRUE(gifts_.ok());
    ASSERT_EQ(dup2(STDERR_FILENO, kForgottenDescriptor), kForgottenDescriptor);
    // Readable, so that it gives something away where it is inherited.
    const UniqueFd file(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(dup2(file.get(), kForgottenDescriptor), kForgottenDescriptor);
  }
  void TearDown() override { close(kForgottenDescriptor); }

  Gifts gifts_;
};

TEST_F(Escape, FailsByEveryRouteNextToWhichThereIsALegalOne) {
  int count = 0;
  ForEachAttempt([&](const Attempt& attempt) {
    SCOPED_TRACE(attempt.name);
    const Ending ending = RunCaged(attempt, "caged", gifts_);
    EXPECT_TRUE(ending.neighbour_worked)
        << attempt.neighbour.name << ": " << ending.Text();
    if (attempt.end == Attempt::End::kKilled) {
      EXPECT_EQ(ending.outcome.kind, Outcome::Kind::kViolation)
          << ending.Text();
    } else {
      EXPECT_TRUE(ending.refused()) << ending.Text();
    }
    ++count;
  });
  std::printf("%d attempts\n", count);
  EXPECT_GE(count, 40);
}

TEST_F(Escape, FailsWithoutTheFilterWhereTheOtherLayersHoldToo) {
  int held = 0;
  int open = 0;
  ForEachAttempt([&](const Attempt& attempt) {
    SCOPED_TRACE(attempt.name);
    const Ending ending = RunCaged(attempt, "unfiltered", gifts_);
    EXPECT_TRUE(ending.neighbour_worked)
        << attempt.neighbour.name << ": " << ending.Text();
    if ((attempt.flags & Attempt::kHeldTwice) != 0) {
      EXPECT_TRUE(ending.refused()) << ending.Text();
      ++held;
    } else if (ending.escaped()) {
      std::printf("only the filter stops: %s\n", attempt.name);
      ++open;
    }
  });
  std::printf("%d held twice, %d by the filter alone\n", held, open);
}

// Were the attempts themselves broken, the tests above would prove nothing.
TEST_F(Escape, SucceedsOutsideOfTheCageWhereItShould) {
  int count = 0;
  ForEachAttempt([&](const Attempt& attempt) {
    if ((attempt.flags & Attempt::kWorksOutside) == 0) return;
    SCOPED_TRACE(attempt.name);
    const Ending ending = RunOutside(attempt, gifts_);
    EXPECT_TRUE(ending.escaped()) << ending.Text();
    ++count;
  });
  std::printf("%d attempts succeed\n", count);
  EXPECT_GE(count, 40);
}

TEST(EscapeTable, NamesEachAttemptOnce) {
  std::vector<std::string> names;
  ForEachAttempt(
      [&](const Attempt& attempt) { names.push_back(attempt.name); });
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace vitrine::sandbox
