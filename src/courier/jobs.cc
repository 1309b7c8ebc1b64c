// SPDX-License-Identifier: Apache-2.0
#include "courier/jobs.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/system_error.h"
#include "base/write_all.h"
#include "courier/limits.h"
#include "wire/limits.h"

namespace vitrine::courier {
namespace {

Status Say(int out, std::string_view text) {
  if (!WriteAll(out, AsBytes(text))) return Unavailable("telling a result");
  return Ok();
}

Status RunJob(int out, const wire::CourierJob& job, Courier& courier) {
  TRY(courier.Run(job, [out](const wire::CourierResult& result) {
    return Say(out, wire::FormatResult(result));
  }));
  return Say(out, wire::kCourierEnd);
}

}  // namespace

Status ServeJobs(int in, int out, Courier& courier) {
  wire::CourierJobReader reader;
  std::string pending;
  std::string room(kReadStep, '\0');
  bool within = false;
  for (;;) {
    const ssize_t got = read(in, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unavailable("reading a job");
    if (got == 0) {
      if (!within && pending.empty()) return Ok();
      return Error{Code::kTruncated, "the job ends early"};
    }
    pending.append(room, 0, static_cast<size_t>(got));
    size_t at = 0;
    for (size_t end; (end = pending.find('\n', at)) != pending.npos;
         at = end + 1) {
      within = true;
      const std::string_view line =
          std::string_view(pending).substr(at, end - at);
      if (!TRY(reader.Line(line))) continue;
      within = false;
      TRY(RunJob(out, reader.Take(), courier));
    }
    pending.erase(0, at);
    if (pending.size() > wire::kCourierLineMax) {
      return Error{Code::kInvalid, "a line of a job is too long"};
    }
  }
}

}  // namespace vitrine::courier
