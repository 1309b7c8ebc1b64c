// SPDX-License-Identifier: Apache-2.0
#include "base/system_error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace vitrine {
namespace {

TEST(SystemError, SaysWhatTheCallerCanDo) {
  EXPECT_EQ(SystemError("open", EPERM).code, Code::kDenied);
  EXPECT_EQ(SystemError("open", EACCES).code, Code::kDenied);
  EXPECT_EQ(SystemError("open", EROFS).code, Code::kDenied);
  EXPECT_EQ(SystemError("open", ENOENT).code, Code::kNotFound);
  EXPECT_EQ(SystemError("open", ENOTDIR).code, Code::kNotFound);
  EXPECT_EQ(SystemError("open", EMFILE).code, Code::kUnavailable);
}

TEST(SystemError, NamesTheCallAndTheReason) {
  EXPECT_EQ(SystemError("open", ENOENT).message,
            "open: No such file or directory");
  errno = ENOENT;
  const Error error = Unavailable("eventfd");
  EXPECT_EQ(error.code, Code::kUnavailable);
  EXPECT_EQ(error.message, "eventfd: No such file or directory");
}

}  // namespace
}  // namespace vitrine
