// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "wire/courier.h"

namespace vitrine::update {

// The side that has files fetched: starts a courier, gives it jobs, and opens
// what it laid down. It distrusts what the courier says and what lies in
// staging: a courier is as good as the worst mirror.
//
// Thread-compatible.
class CourierClient {
 public:
  struct Options {
    std::string program;  // vitrine-courier
    std::string root;     // As --root; "": the machine's.
    std::string staging;  // Paths::Staging()
  };

  // Starts it, with an empty environment. What is wrong with its configuration
  // is said on our error output and by the first job. kNotFound, kDenied: it
  // cannot be run.
  static Result<std::unique_ptr<CourierClient>> Start(Options options);
  // Ends it.
  ~CourierClient();
  CourierClient(const CourierClient&) = delete;
  CourierClient& operator=(const CourierClient&) = delete;

  // One result a fetch, in their order. kDeadline: not by then; kUnavailable:
  // it has ended; kInvalid: it said something else. After an error there is no
  // other job.
  Result<std::vector<wire::CourierResult>> Run(const wire::CourierJob& job,
                                               Deadline deadline);

  // A file that was fetched, opened for reading: a regular one, reached without
  // a link. It has no name in staging from then on. kNotFound, or kLimit where
  // it is larger.
  Result<UniqueFd> TakeStaged(const std::string& name, uint64_t size_max) const;

 private:
  CourierClient(Options options, pid_t pid, UniqueFd to, UniqueFd from);
  Status Say(std::string_view text, Deadline deadline);
  Result<std::string> Line(Deadline deadline);

  const Options options_;
  const pid_t pid_;
  UniqueFd to_;
  UniqueFd from_;
  std::string heard_;  // Not a whole line yet.
  bool broken_ = false;
};

}  // namespace vitrine::update
