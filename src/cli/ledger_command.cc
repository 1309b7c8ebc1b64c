// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <thread>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/limits.h"
#include "cli/number.h"
#include "cli/rule_source.h"
#include "config/paths.h"
#include "events/present.h"
#include "ledger/ledger_reader.h"

namespace vitrine::cli {
namespace {

using ledger::Record;

std::string JsonOf(const Record& record) {
  JsonWriter json;
  json.BeginObject().Member("number", record.number);
  json.Member("time", events::UtcTime(record.time_ns));
  if (record.kind == Record::Kind::kRequest) {
    const ledger::Outbound& out = record.request;
    json.Member("kind", "request").Member("destination", out.destination);
    if (!out.via.empty()) json.Member("via", out.via);
    json.Member("method", out.method).Member("target", out.target);
    json.Member("reason", out.reason);
    json.Member("sha256", ToHex(crypto::Sha256(out.bytes)));
    json.Member("bytes", AsText(out.bytes));
  } else if (record.kind == Record::Kind::kResult) {
    json.Member("kind", "result").Member("request", record.result.request);
    json.Member("outcome", record.result.outcome);
    json.Member("status", record.result.status);
    json.Member("received", record.result.received);
  } else {
    json.Member("kind", "repaired").Member("bytes", record.repaired.bytes);
    json.Member("sha256", ToHex(record.repaired.sha256));
  }
  return json.EndObject().Take() + "\n";
}

std::string TextOf(const Record& record) {
  std::string text =
      std::to_string(record.number) + "  " + events::UtcTime(record.time_ns);
  if (record.kind == Record::Kind::kRequest) {
    const ledger::Outbound& out = record.request;
    text += "  " + Printable(out.method) + " " + Printable(out.destination) +
            Printable(out.target) + "  " + Counted(out.bytes.size(), "byte") +
            "  for: " + Printable(out.reason);
    if (!out.via.empty()) text += "  by " + Printable(out.via);
  } else if (record.kind == Record::Kind::kResult) {
    const ledger::Ended& ended = record.result;
    text += "  answer to " + std::to_string(ended.request) + ": " +
            Printable(ended.outcome);
    if (ended.status != 0) text += ", status " + std::to_string(ended.status);
    text += ", " + Counted(ended.received, "byte");
  } else {
    text += "  repaired: " + Counted(record.repaired.bytes, "byte") +
            " behind the last good line were cut off";
  }
  return text + "\n";
}

Status Show(const LedgerArguments& arguments) {
  ledger::LedgerReader reader(config::Paths(arguments.root).Ledger());
  for (;;) {
    const std::optional<Record> record = TRY(reader.Next());
    if (!record) {
      if (std::fflush(stdout) != 0 || !arguments.follow) return Ok();
      std::this_thread::sleep_for(kFollowPause);
      continue;
    }
    const std::string line = arguments.json ? JsonOf(*record) : TextOf(*record);
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) {
      return Ok();  // Nobody reads any more.
    }
  }
}

Status Verify(const LedgerArguments& arguments) {
  ledger::LedgerReader reader(config::Paths(arguments.root).Ledger());
  uint64_t records = 0;
  uint64_t repairs = 0;
  while (const std::optional<Record> record = TRY(reader.Next())) {
    ++records;
    if (record->kind == Record::Kind::kRepaired) ++repairs;
  }
  if (arguments.json) {
    JsonWriter json;
    json.BeginObject().Member("sound", true).Member("records", records);
    json.Member("first", reader.first()).Member("repairs", repairs);
    json.Member("chain", ToHex(reader.chain())).EndObject();
    std::puts(json.Take().c_str());
    return Ok();
  }
  std::printf("sound: %s from number %llu on, %s\nchain: %s\n",
              Counted(records, "record").c_str(),
              static_cast<unsigned long long>(reader.first()),
              Counted(repairs, "repair").c_str(),
              ToHex(reader.chain()).c_str());
  return Ok();
}

}  // namespace

int RunLedger(const LedgerArguments& arguments) {
  const Status done = arguments.verify ? Verify(arguments) : Show(arguments);
  if (done.ok()) return 0;
  Complain(done.error().message);
  return 2;
}

}  // namespace vitrine::cli
