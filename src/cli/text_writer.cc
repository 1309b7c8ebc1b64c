// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"
#include "cli/number.h"
#include "cli/report_writer.h"

namespace vitrine::cli {
namespace {

// A finding a line, then a block of sums. For people: its wording may change.
class TextWriter : public ReportWriter {
 public:
  explicit TextWriter(const WriterContext& context) : context_(context) {}

  void Add(const Outcome& outcome) override {
    if (!outcome.skipped.empty()) return;
    const ScanReport& report = outcome.report;
    for (const std::string& text : report.console) Print(Printable(text));
    for (const Alert& alert : report.alerts) {
      std::string line = Where(outcome, alert.object) + "  " +
                         Printable(alert.name) + " (" + alert.engine + ")";
      for (const std::string& tag : alert.tags) line += " [" + tag + "]";
      Row("FOUND  ", "31;1", line);
    }
    for (const std::string& error : report.errors) {
      Row("ERROR  ", "33;1", Where(outcome, "") + "  " + Printable(error));
    }
    for (const Limit& limit : report.limits) {
      std::string line =
          Where(outcome, limit.object) + "  not fully scanned: " + limit.reason;
      if (!limit.detail.empty()) line += " (" + Printable(limit.detail) + ")";
      Row("LIMITED", "33", line);
    }
  }

  void End(const Summary& summary) override {
    const double seconds = summary.seconds > 0 ? summary.seconds : 1e-9;
    const double rate = static_cast<double>(summary.bytes_read) / 1e6 / seconds;
    Print("");
    Print("Files    " + WithCommas(summary.files) + " (" +
          ReadableSize(summary.bytes_read) + " read, " +
          ReadableSize(summary.bytes_scanned) + " scanned with contents)");
    Print("Alerts   " + WithCommas(summary.alerts) + " in " +
          Counted(summary.found, "file"));
    Print("Limited  " + WithCommas(summary.limited) +
          (summary.limited > 0 ? " not fully scanned: not called clean" : ""));
    Print("Errors   " + WithCommas(summary.errors));
    if (summary.skipped + summary.links > 0) {
      Print("Skipped  " + Counted(summary.links, "link") + ", " +
            WithCommas(summary.skipped) + " devices, pipes and the like");
    }
    Print("Time     " + Decimals(summary.seconds, 2) + " s (" +
          Decimals(rate, 1) + " MB/s)");
  }

 private:
  static std::string Where(const Outcome& outcome, const std::string& object) {
    const std::string inner = object.empty() ? "" : "!" + object;
    return Printable(outcome.path + inner);
  }

  void Row(const char* label, const char* colour, const std::string& rest) {
    Print(context_.colours
              ? "\x1b[" + std::string(colour) + "m" + label + "\x1b[0m  " + rest
              : std::string(label) + "  " + rest);
  }

  void Print(const std::string& line) {
    const std::string whole = line + "\n";
    std::fwrite(whole.data(), 1, whole.size(), context_.out);
  }

  const WriterContext context_;
};

}  // namespace

std::unique_ptr<ReportWriter> MakeTextWriter(const WriterContext& context) {
  return std::make_unique<TextWriter>(context);
}

}  // namespace vitrine::cli
