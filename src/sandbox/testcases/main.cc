// SPDX-License-Identifier: Apache-2.0
// cage_testcase VERB
//   confines itself, says so on its channel, and does what the verb says; what
//   the tests expect of each verb is said there.
// cage_testcase attempt NAME caged|unfiltered|outside
//   in the whole cage, in one without the filter, or in none: receives what it
//   is handed, does the legal neighbour ("works" on the channel), then tries to
//   escape. Exit status: 0 it got out, 1 refused (with errno on the channel).
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <string_view>

#include "sandbox/confine.h"
#include "sandbox/layers.h"
#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

bool Send(std::string_view text) {
  iovec part = {const_cast<char*>(text.data()), text.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return sendmsg(kChannel, &message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

// One message with the two descriptors of Handed, or without; -1 each.
Handed ReceiveHanded() {
  char byte;
  iovec part = {&byte, 1};
  alignas(cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  Handed handed = {-1, -1};
  if (recvmsg(kChannel, &message, MSG_CMSG_CLOEXEC) <= 0) return handed;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return handed;
  int fds[2] = {-1, -1};
  memcpy(fds, CMSG_DATA(header), sizeof fds);
  return {fds[0], fds[1]};
}

Status PutOnAllButTheFilter() {
  CageReport report;
  TRY(EnterEmptyRoot(report));
  TRY(CloseDescriptors({}, report));
  TRY(LowerLimits(report));
  TRY(DropPrivileges(report));
  TRY(RestrictByLandlock(report));
  return Ok();
}

bool Enter(std::string_view mode) {
  if (mode == "outside") return true;
  if (mode == "unfiltered") return PutOnAllButTheFilter().ok();
  return Confine({}).ok();
}

int Try(std::string_view name, std::string_view mode) {
  const Attempt* attempt = nullptr;
  ForEachAttempt([&](const Attempt& each) {
    if (name == each.name) attempt = &each;
  });
  if (attempt == nullptr || !Enter(mode)) return 2;
  const Handed handed = ReceiveHanded();
  if (!attempt->neighbour.run(handed)) {
    Send(std::string("legal, but refused: ") + strerror(errno));
    return 3;
  }
  if (!Send("works")) return 4;
  errno = 0;
  if (attempt->run(handed) != -1) return 0;
  Send(strerrorname_np(errno));
  return 1;
}

// Takes memory until there is no more; how much that was, in MiB.
size_t Hog() {
  constexpr size_t kStep = size_t{16} << 20;
  size_t taken = 0;
  while (mmap(nullptr, kStep, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
    taken += kStep >> 20;
  }
  return taken;
}

int Do(std::string_view verb) {
  if (verb == "unconfined") return 7;
  const Result<CageReport> report = Confine({});
  if (!report.ok()) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 2;
  }
  if (!Send(report.value().Format())) return 3;
  if (verb == "wait") ReceiveHanded();
  if (verb == "abort") abort();
  if (verb == "crash") *static_cast<volatile int*>(nullptr) = 1;
  if (verb == "violate") return static_cast<int>(syscall(SYS_getppid));
  if (verb == "hog") Send(std::to_string(Hog()));
  if (verb == "spin") {
    const volatile bool always = true;
    while (always) {
    }
  }
  return 5;
}

}  // namespace
}  // namespace vitrine::sandbox

int main(int argc, char** argv) {
  if (argc == 4) return vitrine::sandbox::Try(argv[2], argv[3]);
  return argc == 2 ? vitrine::sandbox::Do(argv[1]) : 64;
}
