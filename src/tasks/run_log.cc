// SPDX-License-Identifier: Apache-2.0
#include "tasks/run_log.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/atomic_file.h"
#include "base/json_writer.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/write_all.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

constexpr const char* kKindWords[] = {"found", "error", "limited", "skipped"};
constexpr char kTags[] = "FELS";

uint64_t* CountOf(Finding::Kind kind, Counts& counts) {
  switch (kind) {
    case Finding::Kind::kFound:
      return &counts.found;
    case Finding::Kind::kError:
      return &counts.errors;
    case Finding::Kind::kLimited:
      return &counts.limited;
    case Finding::Kind::kSkipped:
      return &counts.skipped;
  }
  return &counts.errors;
}

std::string JsonOf(const Finding& finding) {
  JsonWriter json;
  json.BeginObject();
  json.Member("verdict", kKindWords[static_cast<size_t>(finding.kind)]);
  json.Member("path", finding.path);
  if (!finding.rule.empty()) json.Member("rule", finding.rule);
  if (!finding.reason.empty()) json.Member("reason", finding.reason);
  if (!finding.area.empty()) json.Member("area", finding.area);
  if (finding.pid != 0) {
    json.Member("pid", finding.pid).Member("program", finding.program);
    json.Member("range", finding.range);
  }
  return json.EndObject().Take();
}

std::string TextOf(const Finding& finding) {
  std::string text = kKindWords[static_cast<size_t>(finding.kind)];
  text.resize(8, ' ');
  text += finding.kind == Finding::Kind::kFound ? Printable(finding.rule) + "  "
                                                : "";
  text += Printable(finding.path);
  if (finding.pid != 0) {
    text += "  in process " + std::to_string(finding.pid) + " (" +
            Printable(finding.program) + ") at " + finding.range;
  }
  if (!finding.reason.empty()) text += "  (" + Printable(finding.reason) + ")";
  if (!finding.area.empty()) text += "  [" + finding.area + "]";
  return text;
}

// FNV-1a: tells lines of one log apart; who could make two the same would only
// hide the second of his own two findings from a list that counts it.
uint64_t DigestOf(std::string_view line) {
  uint64_t digest = 0xcbf29ce484222325;
  for (const char c : line) {
    digest = (digest ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  }
  return digest;
}

std::string Formatted(int64_t seconds, const char* format) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  gmtime_r(&time, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

// Whole lines of a log: tag, tab, JSON, tab, text.
struct Line {
  std::string_view whole;
  size_t kind = 0;
  std::string_view json;
  std::string_view text;
};
std::vector<Line> LinesOf(std::string_view log) {
  std::vector<Line> lines;
  for (size_t at = 0; at < log.size();) {
    const size_t end = log.find('\n', at);
    if (end == log.npos) break;  // Cut off by a crash.
    Line line;
    line.whole = log.substr(at, end - at);
    at = end + 1;
    const auto parts = Split(line.whole, '\t');
    if (parts.size() != 3 || parts[0].size() != 1) continue;
    const char* tag = std::strchr(kTags, parts[0][0]);
    if (tag == nullptr || *tag == '\0') continue;
    line.kind = static_cast<size_t>(tag - kTags);
    line.json = parts[1];
    line.text = parts[2];
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::string UtcTime(int64_t seconds) {
  return Formatted(seconds, "%Y-%m-%dT%H:%M:%SZ");
}

const char* TypeWord(config::TaskType type) {
  switch (type) {
    case config::TaskType::kFull:
      return "full";
    case config::TaskType::kCustom:
      return "custom";
    case config::TaskType::kCritical:
      return "critical";
    case config::TaskType::kMemory:
      return "memory";
    case config::TaskType::kRemovable:
      return "removable";
  }
  return "full";
}

Result<RunLog> RunLog::Begin(const std::string& path) {
  UniqueFd file(open(path.c_str(),
                     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                     0600));
  if (!file) return SystemError(path, errno);
  return RunLog(path, std::move(file));
}

Result<RunLog> RunLog::Open(const std::string& path, uint64_t counted,
                            Counts& counts) {
  auto whole = ReadTextFile(path, kLogBytesMax, Links::kRefused);
  if (!whole.ok() && whole.error().code == Code::kNotFound) return Begin(path);
  const std::string text = TRY(std::move(whole));
  UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return SystemError(path, errno);
  RunLog log(path, std::move(file));
  for (const Line& line : LinesOf(text)) {
    const auto offset = static_cast<uint64_t>(line.whole.data() - text.data());
    log.lines_.insert(DigestOf(line.whole));
    ++log.listed_[line.kind];
    log.size_ = offset + line.whole.size() + 1;
    if (offset >= counted) {
      ++*CountOf(static_cast<Finding::Kind>(line.kind), counts);
    }
  }
  if (ftruncate(log.file_.get(), static_cast<off_t>(log.size_)) != 0 ||
      lseek(log.file_.get(), 0, SEEK_END) < 0) {
    return SystemError(path, errno);
  }
  return log;
}

Status RunLog::Add(const Finding& finding, Counts& counts) {
  const auto kind = static_cast<size_t>(finding.kind);
  const std::string line = std::string(1, kTags[kind]) + '\t' +
                           JsonOf(finding) + '\t' + TextOf(finding);
  const uint64_t digest = DigestOf(line);
  if (lines_.contains(digest)) return Ok();
  if (listed_[kind] < kFindingsMax) {
    const std::string whole = line + '\n';
    if (!WriteAll(file_.get(), AsBytes(whole))) {
      const int number = errno;
      // Half a line must not run into the next one: if it stays, none comes.
      const auto size = static_cast<off_t>(size_);
      if (ftruncate(file_.get(), size) != 0 ||
          lseek(file_.get(), size, SEEK_SET) != size) {
        file_.Reset();
      }
      return SystemError(path_, number);
    }
    lines_.insert(digest);
    ++listed_[kind];
    size_ += whole.size();
  }
  ++*CountOf(finding.kind, counts);
  return Ok();
}

Status RunLog::Sync() const {
  if (fdatasync(file_.get()) != 0) return SystemError(path_, errno);
  return Ok();
}

Result<Report> MakeReport(const ReportHead& head, const std::string& log) {
  const std::string lines =
      TRY(ReadTextFile(log, kLogBytesMax, Links::kRefused));
  const Counts& counts = head.run.counts;
  const char* verdict = VerdictName(VerdictOf(counts));
  const char* end = EndWord(head.run.end);
  const std::string started = UtcTime(head.run.started);
  const std::string ended = UtcTime(head.run.ended);
  const NamedCounts numbers = NamesOf(counts);
  JsonWriter json;
  json.BeginObject().Member("task", head.task);
  json.Member("type", TypeWord(head.type));
  json.Member("cause", CauseWord(head.run.cause));
  json.Member("started", started).Member("ended", ended);
  json.Member("active_seconds", head.run.active);
  json.Member("end", end).Member("verdict", verdict);
  json.Key("counts").BeginObject();
  for (const auto& [name, value] : numbers) json.Member(name, value);
  json.EndObject();
  Report report;
  report.json = json.EndObject().Take();
  // The lines are JSON already; they go in before the object's end.
  report.json.pop_back();
  report.json += ",\"findings\":[";
  report.text = "Task " + head.task + " (" + TypeWord(head.type) + ", " +
                CauseWord(head.run.cause) + "): " + verdict + ", " + end +
                "\nFrom " + started + " to " + ended + ", at work for " +
                std::to_string(head.run.active) + " s\n";
  for (const auto& [name, value] : numbers) {
    report.text += std::string(name) + "=" + std::to_string(value) + " ";
  }
  report.text.back() = '\n';
  uint64_t listed = 0;
  for (const Line& line : LinesOf(lines)) {
    if (listed++ > 0) report.json += ',';
    report.json += line.json;
    report.text += std::string(line.text) + "\n";
  }
  report.json += "]}\n";
  const uint64_t all =
      counts.found + counts.errors + counts.limited + counts.skipped;
  if (all > listed) {
    report.text += "and " + std::to_string(all - listed) + " more\n";
  }
  return report;
}

std::vector<std::string> ReportsIn(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const entries = opendir(folder.c_str());
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries)) {
    const std::string_view name = entry->d_name;
    if (name.size() == 21 && name.ends_with(".json")) {
      names.emplace_back(name.substr(0, 16));
    }
  }
  closedir(entries);
  std::sort(names.begin(), names.end());
  return names;
}

Status KeepReport(const std::string& folder, int64_t started,
                  const Report& report) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return SystemError(folder, errno);
  }
  const std::string name = folder + "/" + Formatted(started, "%Y%m%dT%H%M%SZ");
  TRY(WriteFileAtomically(name + ".txt", AsBytes(report.text)));
  TRY(WriteFileAtomically(name + ".json", AsBytes(report.json)));
  const std::vector<std::string> all = ReportsIn(folder);
  for (size_t i = 0; i + kReportsKept < all.size(); ++i) {
    (void)unlink((folder + "/" + all[i] + ".txt").c_str());
    (void)unlink((folder + "/" + all[i] + ".json").c_str());
  }
  return Ok();
}

}  // namespace vitrine::tasks
