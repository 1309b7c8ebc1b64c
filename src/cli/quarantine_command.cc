// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/wall_clock.h"
#include "cli/commands.h"
#include "cli/guard_socket.h"
#include "cli/number.h"
#include "cli/rule_source.h"
#include "config/paths.h"
#include "events/present.h"
#include "events/spool_writer.h"
#include "quarantine/content.h"
#include "quarantine/store.h"
#include "quarantine/trusted.h"

namespace vitrine::cli {
namespace {

using quarantine::Item;
using quarantine::Store;

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += " ";
    text += word;
  }
  return text;
}

std::string JsonOf(const Item& item) {
  const quarantine::Metadata& metadata = item.metadata;
  JsonWriter json;
  json.BeginObject().Member("id", ToHex(item.id));
  json.Member("path", metadata.path).Member("size", item.seal.size);
  json.Member("stored", item.stored);
  if (item.seal.sha256) json.Member("sha256", ToHex(*item.seal.sha256));
  json.Key("rules").BeginArray();
  for (const std::string& rule : metadata.rules) json.String(rule);
  json.EndArray().Member("database", metadata.database);
  json.Member("reason", metadata.reason);
  json.Member("found", events::UtcTime(metadata.verdict_ns));
  json.Member("taken", events::UtcTime(metadata.taken_ns));
  json.Member("uid", metadata.uid).Member("gid", metadata.gid);
  json.Member("mode", metadata.mode & 07777u).Member("links", metadata.links);
  json.Key("attributes").BeginArray();
  for (const auto& attribute : metadata.attributes) json.String(attribute.name);
  json.EndArray().Member("changed_while_taken", item.seal.changed);
  return json.EndObject().Take();
}

std::string TextOf(const Item& item) {
  std::string size = ReadableSize(item.seal.size);
  size.insert(0, size.size() < 9 ? 9 - size.size() : 0, ' ');
  std::string text = ToHex(item.id).substr(0, 12) + "  " +
                     events::UtcTime(item.metadata.taken_ns) + "  " + size +
                     "  " + Printable(item.metadata.path) + "  " +
                     Printable(Joined(item.metadata.rules));
  if (item.metadata.links > 1) {
    text += "  (" + Counted(item.metadata.links - 1, "other name") +
            " left standing)";
  }
  return text;
}

void Print(const std::string& line) { std::printf("%s\n", line.c_str()); }

// One run of the command, over one store.
class Session {
 public:
  Session(const QuarantineArguments& arguments, const config::Paths& paths,
          Store store)
      : arguments_(arguments), paths_(paths), store_(std::move(store)) {}

  Status List() {
    const quarantine::Listing listing = TRY(store_.List());
    for (const Item& item : listing.items) {
      Print(arguments_.json ? JsonOf(item) : TextOf(item));
    }
    if (!arguments_.json) {
      Print(Counted(listing.items.size(), "item") + ", " +
            ReadableSize(listing.stored));
    }
    for (const std::string& problem : listing.problems) Complain(problem);
    if (listing.problems.empty()) return Ok();
    return Error{Code::kInvalid,
                 Counted(listing.problems.size(), "item") + " unreadable"};
  }

  Status Restore(const std::string& word) {
    const quarantine::ItemId id = TRY(store_.Find(word));
    const Item item = TRY(store_.Get(id));
    // Trusted first: the guard may see the file before we are back.
    if (!arguments_.no_trust) {
      if (!item.seal.sha256) {
        return Error{Code::kLimit,
                     "the content is too large to be trusted by its digest; "
                     "restore it with --no-trust"};
      }
      TRY(Trust(*item.seal.sha256, item.seal.size, "**"));
    }
    quarantine::RestoreOptions options;
    options.path = arguments_.to;
    options.overwrite = arguments_.overwrite;
    options.keep = arguments_.keep;
    const quarantine::Restored restored = TRY(store_.Restore(id, options));
    for (const std::string& name : restored.refused) {
      Complain("attribute " + Printable(name) + " could not be given back");
    }
    Tell(events::RemediationActivity::kRestore, events::Disposition::kRestored,
         item, restored.path, "A file was given back from quarantine");
    Done("restored", item, restored.path);
    return Ok();
  }

  Status Delete(const std::string& word) {
    const quarantine::ItemId id = TRY(store_.Find(word));
    // An item that cannot be read any more can still be dropped.
    const auto known = store_.Get(id);
    Item item;
    item.id = id;
    if (known.ok()) item = known.value();
    TRY(store_.Drop(id));
    Tell(events::RemediationActivity::kEvict, events::Disposition::kDeleted,
         item, item.metadata.path, "A file was dropped from quarantine");
    Done("deleted", item, item.metadata.path);
    return Ok();
  }

  Status Export(const std::string& word) {
    const quarantine::ItemId id = TRY(store_.Find(word));
    const Item item = TRY(store_.Get(id));
    if (arguments_.to == "-") return store_.Export(id, STDOUT_FILENO);
    const UniqueFd file(open(arguments_.to.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) {
      return Error{Code::kDenied, arguments_.to + ": " + std::strerror(errno)};
    }
    const Status exported = store_.Export(id, file.get());
    if (!exported.ok()) {
      unlink(arguments_.to.c_str());
      return exported;
    }
    Done("exported", item, arguments_.to);
    return Ok();
  }

  Status TrustWord(const std::string& word) {
    if (word.find('/') != word.npos) return TrustFile(word);
    const quarantine::ItemId id = TRY(store_.Find(word));
    const Item item = TRY(store_.Get(id));
    if (!item.seal.sha256) {
      return Error{Code::kLimit, "the content is too large to be trusted"};
    }
    TRY(Trust(*item.seal.sha256, item.seal.size, arguments_.rules));
    Done("trusted", item, item.metadata.path);
    return Ok();
  }

 private:
  Status TrustFile(const std::string& path) {
    const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status;
    if (!file || fstat(file.get(), &status) != 0) {
      return Error{Code::kNotFound, path + ": " + std::strerror(errno)};
    }
    if (!S_ISREG(status.st_mode)) {
      return Error{Code::kInvalid, path + ": not a regular file"};
    }
    const crypto::Sha256Digest digest = TRY(quarantine::DigestOf(file.get()));
    TRY(Trust(digest, static_cast<uint64_t>(status.st_size), arguments_.rules));
    Item item;
    item.seal.sha256 = digest;
    Done("trusted", item, path);
    return Ok();
  }

  Status Trust(const crypto::Sha256Digest& digest, uint64_t size,
               const std::string& rules) {
    quarantine::TrustedContent entry{digest, size, UnixNowNs(),
                                     TRY(config::Mask::Parse(rules))};
    TRY(quarantine::AddTrusted(paths_.Trusted(), entry));
    // A running guard remembers what it has found before; it may be none.
    static_cast<void>(AskGuard(arguments_.root, "forget-cache"));
    events::Event event = events::Make(events::LifecycleActivity::kOther);
    event.reason = "trusted";
    event.message = "Content is to be left alone from now on";
    event.sha256 = digest;
    event.size = size;
    event.rules = {rules};
    Append(event);
    return Ok();
  }

  void Tell(events::RemediationActivity activity,
            events::Disposition disposition, const Item& item,
            const std::string& path, const char* message) {
    events::Event event = events::MakeFileRemediation(activity);
    event.disposition = disposition;
    event.outcome = events::Outcome::kSuccess;
    event.message = message;
    event.path = path;
    event.size = item.seal.size;
    event.sha256 = item.seal.sha256;
    event.rules = item.metadata.rules;
    event.quarantine = ToHex(item.id);
    Append(event);
  }

  void Append(events::Event event) {
    event.uid = getuid();
    event.pid = static_cast<uint32_t>(getpid());
    if (!spool_) {
      auto opened =
          events::SpoolWriter::Open({paths_.EventSpool() + "/cli", "cli"});
      if (opened.ok()) spool_ = std::move(opened).value();
    }
    const Status told = spool_ ? spool_->Append(event)
                               : Status(Error{Code::kUnavailable, "no spool"});
    if (!told.ok()) Complain("no event was recorded: " + told.error().message);
  }

  void Done(const char* what, const Item& item, const std::string& path) const {
    if (!arguments_.json) {
      Print(std::string(what) + "  " + Printable(path));
      return;
    }
    JsonWriter json;
    json.BeginObject().Member("action", what);
    json.Member("id", ToHex(item.id)).Member("path", path);
    if (item.seal.sha256) json.Member("sha256", ToHex(*item.seal.sha256));
    Print(json.EndObject().Take());
  }

  const QuarantineArguments& arguments_;
  const config::Paths& paths_;
  Store store_;
  std::unique_ptr<events::SpoolWriter> spool_;
};

Status Act(Session& session, QuarantineArguments::Verb verb,
           const std::string& word) {
  switch (verb) {
    case QuarantineArguments::Verb::kList:
      return session.List();
    case QuarantineArguments::Verb::kRestore:
      return session.Restore(word);
    case QuarantineArguments::Verb::kDelete:
      return session.Delete(word);
    case QuarantineArguments::Verb::kExport:
      return session.Export(word);
    case QuarantineArguments::Verb::kTrust:
      return session.TrustWord(word);
  }
  return Ok();
}

}  // namespace

int RunQuarantine(const QuarantineArguments& arguments) {
  const config::Paths paths(arguments.root);
  auto store = Store::Open({paths.Quarantine(), paths.QuarantineKey(), 0, {}});
  if (!store.ok()) {
    Complain(store.error().message);
    return 2;
  }
  const bool one_target = !arguments.to.empty() && arguments.items.size() > 1;
  if (one_target) {
    Complain("--to takes one item at a time");
    return 2;
  }
  Session session(arguments, paths, std::move(store).value());
  std::vector<std::string> words = arguments.items;
  if (arguments.verb == QuarantineArguments::Verb::kList) words = {""};
  int status = 0;
  for (const std::string& word : words) {
    const Status done = Act(session, arguments.verb, word);
    if (done.ok()) continue;
    Complain((word.empty() ? "" : Printable(word) + ": ") +
             Printable(done.error().message));
    status = 2;
  }
  return std::fflush(stdout) == 0 ? status : 2;
}

}  // namespace vitrine::cli
