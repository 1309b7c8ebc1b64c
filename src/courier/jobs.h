// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "courier/courier.h"

namespace vitrine::courier {

// Reads jobs from `in` and writes results to `out` until `in` ends: a pipe, or
// a socket for both. kInvalid: what came was no job, and nothing of it was
// fetched.
Status ServeJobs(int in, int out, Courier& courier);

}  // namespace vitrine::courier
