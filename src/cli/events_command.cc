// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <thread>

#include "base/wall_clock.h"
#include "cli/commands.h"
#include "cli/limits.h"
#include "cli/rule_source.h"
#include "cli/time_point.h"
#include "config/paths.h"
#include "events/store/event_store.h"

namespace vitrine::cli {
namespace {

std::optional<Verdict> VerdictOf(std::string_view word) {
  for (const Verdict verdict :
       {Verdict::kClean, Verdict::kLimited, Verdict::kError, Verdict::kFound}) {
    if (word == VerdictName(verdict)) return verdict;
  }
  return std::nullopt;
}

// The time that an option gives, if it is there.
Result<std::optional<int64_t>> TimeOption(const char* name,
                                          const std::string& text) {
  if (text.empty()) return std::optional<int64_t>();
  const auto time = ParseTime(text, UnixNowNs());
  if (time) return time;
  return Error{Code::kInvalid,
               std::string(name) + ": not a time: " + text +
                   " (15m, 2h, 7d, 2026-11-28, 2026-11-28T06:30Z)"};
}

Result<events::EventQuery> QueryOf(const EventsArguments& arguments) {
  events::EventQuery query;
  query.since_ns = TRY(TimeOption("--since", arguments.since));
  query.until_ns = TRY(TimeOption("--until", arguments.until));
  if (!arguments.event_class.empty()) {
    query.event_class = events::ClassOf(arguments.event_class);
    if (!query.event_class) {
      return Error{Code::kInvalid,
                   "--class: no such class: " + arguments.event_class};
    }
  }
  if (!arguments.verdict.empty()) {
    query.verdict = VerdictOf(arguments.verdict);
    if (!query.verdict) {
      return Error{Code::kInvalid,
                   "--verdict: no such verdict: " + arguments.verdict};
    }
  }
  if (!arguments.rule.empty()) {
    query.rule = TRY(config::Mask::Parse(arguments.rule));
  }
  query.newest = arguments.limit;
  return query;
}

class Printer {
 public:
  explicit Printer(bool json) : json_(json) {}

  // False once nobody reads any more.
  bool Print(const events::StoredEvent& stored) {
    const std::string line =
        (json_ ? events::EventJson(stored.event, stored.origin)
               : events::EventText(stored.event, stored.origin)) +
        "\n";
    return std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
  }
  static bool Flush() { return std::fflush(stdout) == 0; }

 private:
  const bool json_;
};

Status Follow(events::EventStore& store, events::EventQuery query,
              Printer& printer) {
  bool goes_on = true;
  while (goes_on) {
    std::this_thread::sleep_for(kFollowPause);
    TRY(store.ForEach(query, [&](const events::StoredEvent& event) {
      query.after_id = event.id;
      return goes_on = printer.Print(event);
    }));
    goes_on = goes_on && Printer::Flush();
  }
  return Ok();
}

Status Show(const EventsArguments& arguments) {
  events::EventQuery query = TRY(QueryOf(arguments));
  const std::string path = config::Paths(arguments.root).EventStore();
  auto opened = events::EventStore::Open(path, db::Mode::kRead);
  if (!opened.ok()) {
    if (opened.error().code != Code::kNotFound) return opened.error();
    return Error{Code::kNotFound,
                 path +
                     ": no event store there that you may read; "
                     "vitrine-recorder makes it"};
  }
  events::EventStore& store = opened.value();
  // Asked first: what comes while we print is shown by following.
  const int64_t last = TRY(store.LastId());
  Printer printer(arguments.json);
  bool goes_on = true;
  TRY(store.ForEach(query, [&](const events::StoredEvent& event) {
    if (event.id > last) return true;
    return goes_on = printer.Print(event);
  }));
  if (!Printer::Flush()) goes_on = false;
  if (!arguments.follow || !goes_on) return Ok();
  // Later events may tell of an earlier time; the order of following is that
  // of taking. An id of zero would mean none, so an empty store counts as -1.
  query.after_id = last > 0 ? last : -1;
  query.newest = 0;
  return Follow(store, query, printer);
}

}  // namespace

int RunEvents(const EventsArguments& arguments) {
  const Status shown = Show(arguments);
  if (shown.ok()) return 0;
  Complain(shown.error().message);
  return 2;
}

}  // namespace vitrine::cli
