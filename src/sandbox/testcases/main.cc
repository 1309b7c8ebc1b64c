// SPDX-License-Identifier: Apache-2.0
// cage_testcase VERB: confines itself, says so on its channel, and does what
// the verb says. What launch_test.cc and confine_test.cc expect of each verb is
// said there.
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "sandbox/confine.h"

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

// Until the executor says something or goes.
void AwaitExecutor() {
  char byte;
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  (void)!recvmsg(kChannel, &message, 0);
}

int Run(std::string_view verb) {
  if (verb == "unconfined") return 7;
  const Result<CageReport> report = Confine({});
  if (!report.ok()) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 2;
  }
  if (!Send(report.value().Format())) return 3;
  if (verb == "wait") AwaitExecutor();
  if (verb == "abort") abort();
  if (verb == "crash") *static_cast<volatile int*>(nullptr) = 1;
  if (verb == "getppid") return getppid();
  if (verb == "exit_5") return 5;
  return 0;
}

}  // namespace
}  // namespace vitrine::sandbox

int main(int argc, char** argv) {
  return argc == 2 ? vitrine::sandbox::Run(argv[1]) : 64;
}
