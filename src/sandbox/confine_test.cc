// SPDX-License-Identifier: Apache-2.0
#include "sandbox/confine.h"

#include <gtest/gtest.h>

#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using Kind = Outcome::Kind;

// The end of a sandboxee that is told `verb`.
Outcome EndOf(const char* verb) {
  Result<Caged> caged = LaunchTestcase({verb});
  if (!caged.ok()) {
    ADD_FAILURE() << caged.error().message;
    return {Kind::kExited, -1};
  }
  const Result<Outcome> outcome =
      caged.value().sandboxee.Wait(std::chrono::seconds(20));
  EXPECT_TRUE(outcome.ok()) << outcome.error().message;
  return outcome.ok() ? outcome.value() : Outcome{Kind::kExited, -1};
}

Outcome Exit(Code code) { return {Kind::kExited, static_cast<int>(code)}; }

TEST(Confine, KeepsTheDescriptorsThatAreNamedAndNoOthers) {
  SKIP_IF_SANITIZED();
  EXPECT_EQ(Describe(EndOf("keep")), "exited with 0");
}

TEST(Confine, RefusesToKeepWhatIsNotOpen) {
  SKIP_IF_SANITIZED();
  EXPECT_EQ(EndOf("keep_closed"), Exit(Code::kInvalid));
}

TEST(Confine, RefusesToLeaveAThreadOutside) {
  SKIP_IF_SANITIZED();
  EXPECT_EQ(EndOf("thread"), Exit(Code::kInternal));
}

TEST(Confine, LeavesTheLibraryUsable) {
  SKIP_IF_SANITIZED();
  EXPECT_EQ(Describe(EndOf("library")), "exited with 0");
}

TEST(Confine, SeesThatTheExecutorHasGone) {
  SKIP_IF_SANITIZED();
  // A sandboxee without its executor's end would wait for ever.
  Result<Caged> caged = LaunchTestcase({"stopped"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  caged.value().channel.Reset();
  const Result<Outcome> outcome =
      caged.value().sandboxee.Wait(std::chrono::seconds(20));
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome.value(), Exit(Code::kUnavailable));
}

}  // namespace
}  // namespace vitrine::sandbox
