// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/launch.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VITRINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VITRINE_SANITIZED 1
#endif
#endif
#ifndef VITRINE_SANITIZED
#define VITRINE_SANITIZED 0
#endif

// For tests whose sandboxee confines itself.
#define SKIP_IF_SANITIZED()                                               \
  if (VITRINE_SANITIZED)                                                  \
  GTEST_SKIP() << "the sanitizers make system calls and map memory that " \
                  "the cage forbids"

// The words that the tests of this folder are written in.
namespace vitrine::sandbox {

// The sandboxee of the tests, in the folder of the test program.
inline std::string TestcaseProgram() {
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path);
  const std::string self(path, length > 0 ? static_cast<size_t>(length) : 0);
  return self.substr(0, self.rfind('/')) + "/cage_testcase";
}

// A launched sandboxee with the executor's end of its channel.
struct Caged {
  Sandboxee sandboxee;
  UniqueFd channel;
};

inline Result<Caged> LaunchTestcase(std::vector<std::string> arguments,
                                    LaunchOptions options = {}) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Error{Code::kInternal, "socketpair"};
  }
  UniqueFd ours(ends[0]);
  options.channel.Reset(ends[1]);
  options.program = TestcaseProgram();
  options.arguments = {"cage_testcase"};
  for (std::string& argument : arguments) {
    options.arguments.push_back(std::move(argument));
  }
  if (options.error_output < 0) options.error_output = STDERR_FILENO;
  Sandboxee sandboxee = TRY(Launch(std::move(options)));
  return Caged{std::move(sandboxee), std::move(ours)};
}

// One message; empty at the end of the channel.
inline std::string Receive(int channel) {
  char buffer[8192];
  const ssize_t got = recv(channel, buffer, sizeof buffer, 0);
  return {buffer, got > 0 ? static_cast<size_t>(got) : 0};
}

}  // namespace vitrine::sandbox
