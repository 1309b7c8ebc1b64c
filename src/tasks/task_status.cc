// SPDX-License-Identifier: Apache-2.0
#include "tasks/task_status.h"

#include <ctime>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "tasks/run_log.h"

namespace vitrine::tasks {
namespace {

// For people, by the machine's clock.
std::string LocalTime(int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  localtime_r(&time, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &parts)};
}

void PutCounts(JsonWriter& json, const Counts& counts) {
  json.Key("counts").BeginObject();
  for (const auto& [name, value] : NamesOf(counts)) json.Member(name, value);
  json.EndObject();
}

void PutTask(JsonWriter& json, const TaskStatus& task) {
  json.BeginObject().Member("name", task.name);
  json.Member("type", TypeWord(task.type)).Member("state", task.state);
  if (!task.error.empty()) json.Member("error", task.error);
  if (task.next) json.Member("next", UtcTime(*task.next));
  json.Member("runs", task.runs);
  if (task.progress) {
    json.Key("run").BeginObject();
    json.Member("started", UtcTime(task.progress->started));
    json.Member("cause", CauseWord(task.progress->cause));
    json.Member("active_seconds", task.progress->active);
    json.Member("target", task.progress->target);
    json.Member("targets", task.progress->targets);
    PutCounts(json, task.progress->counts);
    json.EndObject();
  }
  if (task.last) {
    json.Key("last").BeginObject();
    json.Member("started", UtcTime(task.last->started));
    json.Member("ended", UtcTime(task.last->ended));
    json.Member("active_seconds", task.last->active);
    json.Member("cause", CauseWord(task.last->cause));
    json.Member("end", EndWord(task.last->end));
    json.Member("verdict", VerdictName(VerdictOf(task.last->counts)));
    PutCounts(json, task.last->counts);
    json.EndObject();
  }
  json.EndObject();
}

std::string Line(const char* label, const Counts& counts) {
  std::string text = label;
  for (const auto& [name, value] : NamesOf(counts)) {
    text += std::string(" ") + name + "=" + std::to_string(value);
  }
  return text + "\n";
}

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

}  // namespace

std::string StatusJson(const std::vector<TaskStatus>& tasks,
                       const std::string& problem) {
  JsonWriter json;
  json.BeginObject();
  if (!problem.empty()) json.Member("problem", problem);
  json.Key("tasks").BeginArray();
  for (const TaskStatus& task : tasks) PutTask(json, task);
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

std::string StatusText(const std::vector<TaskStatus>& tasks,
                       const std::string& problem) {
  std::string text;
  if (!problem.empty()) text += "PROBLEM " + Printable(problem) + "\n";
  for (const TaskStatus& task : tasks) {
    text += Padded(task.name, 20) + " " + Padded(TypeWord(task.type), 9) + " " +
            Padded(task.state, 8);
    if (task.next) text += " next " + LocalTime(*task.next);
    text += "\n";
    if (!task.error.empty()) text += "  error " + Printable(task.error) + "\n";
    if (task.progress) {
      text += "  since " + LocalTime(task.progress->started) + " (" +
              CauseWord(task.progress->cause) + "), place " +
              std::to_string(task.progress->target + 1) + " of " +
              std::to_string(task.progress->targets) + "\n" +
              Line("  so far", task.progress->counts);
    }
    if (task.last) {
      text += "  last  " + LocalTime(task.last->started) + " (" +
              CauseWord(task.last->cause) + "), " + EndWord(task.last->end) +
              ": " + VerdictName(VerdictOf(task.last->counts)) + "\n" +
              Line("       ", task.last->counts);
    }
  }
  if (tasks.empty()) text += "no tasks are configured\n";
  return text;
}

}  // namespace vitrine::tasks
