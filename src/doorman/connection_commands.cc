// SPDX-License-Identifier: Apache-2.0
// What a connection makes of its input, and of the answers to it.
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "doorman/connection.h"
#include "doorman/limits.h"

namespace vitrine::doorman {

void Connection::Process(Bytes data) {
  std::string joined;
  std::string_view rest = AsText(data);
  if (!input_.empty()) {
    joined = std::move(input_);
    joined += rest;
    rest = joined;
  }
  input_.clear();
  bool fresh = !data.empty();
  while (!rest.empty() && CanTake()) {
    if (state_ == State::kStream) {
      TakeStream(rest);
    } else if (state_ == State::kDescriptor) {
      TakeDescriptor(rest);
    } else if (!TakeCommand(rest, fresh)) {
      break;
    }
    fresh = false;
  }
  const bool reading = state_ == State::kCommand || state_ == State::kStream ||
                       state_ == State::kDescriptor;
  if (reading) input_.assign(rest);
  if (!descriptor_) return;
  if (reading && (CanTake() || rest.empty())) {
    // Nobody asked for it. Outside a session clamd ends these lines by NUL.
    if (!session_) terminator_ = '\0';
    Say(kStrayDescriptor);
    Refuse(kErrorProcessing);
  }
  if (!CanTake()) descriptor_.Reset();
}

bool Connection::TakeCommand(std::string_view& rest, bool fresh) {
  const Parsed parsed =
      ParseCommand(rest, session_ ? Session::kYes : Session::kNo);
  switch (parsed.state) {
    case Parsed::State::kNeedMore:
      return false;
    case Parsed::State::kTooLong:
      End(Leave::kRefused);
      return false;
    case Parsed::State::kUnprefixed:
      // clamd looks at what follows a command in the same packet only when
      // more arrives.
      if (!fresh) return false;
      ++number_;
      Say(kOnlyPrefixed);
      Refuse(kErrorProcessing);
      return false;
    case Parsed::State::kCommand:
      break;
  }
  rest.remove_prefix(parsed.consumed);
  Handle(parsed.command);
  return true;
}

void Connection::Handle(const Command& command) {
  terminator_ = command.terminator;
  if (session_) {
    if (!AllowedInSession(command.verb)) {
      ++number_;
      Refuse(kInvalidInSession);
      return;
    }
    if (command.verb == Verb::kEnd) {
      End(Leave::kServed);
      return;
    }
    ++number_;
  }
  if (HandleSimple(command)) {
    if (!session_) End(Leave::kServed);
    return;
  }
  switch (command.verb) {
    case Verb::kScan:
    case Verb::kContScan:
    case Verb::kMultiScan:
    case Verb::kAllMatchScan:
      StartPathScan(command);
      break;
    case Verb::kInStream:
      state_ = State::kStream;
      stage_ = Clock::now();
      chunks_.emplace(desk_.settings().stream_max_length);
      spool_ = std::make_unique<Spool>(desk_.settings().spool_folder, peer_,
                                       desk_.spools());
      break;
    case Verb::kFileDescriptor:
      state_ = State::kDescriptor;
      break;
    case Verb::kIdSession:
      session_ = true;
      break;
    default:
      Refuse(kUnknownCommand);
      break;
  }
}

// Those that are answered at once, and not again.
bool Connection::HandleSimple(const Command& command) {
  switch (command.verb) {
    case Verb::kPing:
      Say(kPong);
      return true;
    case Verb::kVersion:
      Say(kVersion);
      return true;
    case Verb::kVersionCommands:
      Say(kVersionCommands);
      return true;
    case Verb::kStats:
      Say(StatsText(desk_.stats(), desk_.settings()));
      return true;
    case Verb::kReload:
      Say(kReloading);
      desk_.Reload();
      return true;
    case Verb::kShutdown:
      if (!desk_.settings().allow_shutdown) return false;
      desk_.Shutdown();
      return true;
    case Verb::kDetectionStats:
      return true;
    default:
      return false;
  }
}

uint64_t Connection::StartScan(Verb verb) {
  const uint64_t command = ++next_;
  Running& running = running_[command];
  running.verb = verb;
  running.number = session_ ? number_ : 0;
  running.terminator = terminator_;
  // Outside a session nothing more is read.
  state_ = session_ ? State::kCommand : State::kEnding;
  return command;
}

void Connection::Submit(uint64_t command, std::string subject, Job job) {
  Running& running = running_.at(command);
  ++running.scans;
  ++running.files;
  job.connection = id_;
  job.tag = ++next_;
  job.all_match = running.verb == Verb::kAllMatchScan;
  if (running.walk) job.name = subject;
  jobs_[job.tag] = {command, std::move(subject)};
  desk_.Submit(peer_, std::move(job));
}

void Connection::StartPathScan(const Command& command) {
  Result<Peer> peer = IdentifyPeer(socket_.get());
  if (!peer.ok()) {
    Refuse(kErrorProcessing);
    return;
  }
  walks_ = true;
  const uint64_t key = StartScan(command.verb);
  WalkOptions options;
  options.follow_links = desk_.settings().follow_links;
  options.max_depth = desk_.settings().max_directory_recursion;
  options.printable = command.terminator == '\n';
  running_.at(key).walk = std::make_shared<Walk>(
      std::string(command.argument), std::move(peer).value(), options);
  Advance(key);
}

void Connection::TakeStream(std::string_view& rest) {
  const ChunkReader::Step step = chunks_->Read(AsBytes(rest));
  rest.remove_prefix(step.consumed);
  switch (step.state) {
    case ChunkReader::Step::State::kMore:
      return;
    case ChunkReader::Step::State::kContent: {
      const Status status = spool_->Append(step.content);
      if (status.ok()) return;
      FailStream(status.error().code == Code::kLimit ? kSpoolRefused
                                                     : kSpoolFailed);
      return;
    }
    case ChunkReader::Step::State::kTooLong:
      FailStream(kStreamTooLong);
      return;
    case ChunkReader::Step::State::kEnd:
      FinishStream();
      return;
  }
}

void Connection::FailStream(std::string_view text) {
  spool_.reset();
  Refuse(text);
}

void Connection::FinishStream() {
  Job job;
  if (AnswerKnown(job.digest)) return;
  Result<UniqueFd> sample = spool_->Take();
  if (!sample.ok()) {
    FailStream(kSpoolFailed);
    return;
  }
  job.sample = std::move(sample).value();
  job.spool = std::move(spool_);
  Submit(StartScan(Verb::kInStream), "stream", std::move(job));
}

// Answers a stream that is known to be clean; else says what it is to be
// remembered by, if it may be.
bool Connection::AnswerKnown(std::optional<crypto::Sha256Digest>& digest) {
  const std::optional<Bytes> content = spool_->AtHand();
  if (!content) return false;
  digest = crypto::Sha256(*content);
  if (!desk_.KnownClean(*digest)) return false;
  spool_.reset();
  Say("stream: OK");
  state_ = State::kCommand;
  if (!session_) End(Leave::kServed);
  return true;
}

void Connection::TakeDescriptor(std::string_view& rest) {
  rest.remove_prefix(1);  // The byte that carried it.
  if (!descriptor_) {
    Refuse(kNoDescriptor);
    return;
  }
  const std::string subject = "fd[" + std::to_string(descriptor_.get()) + "]";
  struct stat status;
  const uint64_t command = StartScan(Verb::kFileDescriptor);
  if (fstat(descriptor_.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    descriptor_.Reset();
    Running& running = running_.at(command);
    Tell(running, subject + ": Not a regular file ERROR");
    running_.erase(command);
    return;
  }
  Job job;
  job.sample = std::move(descriptor_);
  Submit(command, subject, std::move(job));
}

// Asks for the next file of a path scan, or ends it.
void Connection::Advance(uint64_t command) {
  const auto entry = running_.find(command);
  if (entry == running_.end() || !entry->second.walk) return;
  Running& running = entry->second;
  if (running.walking) return;
  const size_t at_a_time =
      running.verb == Verb::kMultiScan ? kScansAConnection : 1;
  if (!running.ended) {
    if (running.scans < at_a_time && out_.size() <= kReplyBytes) {
      running.walking = true;
      desk_.Step(id_, command, running.walk);
    }
    return;
  }
  if (running.scans != 0) return;
  if (!running.told &&
      (running.verb != Verb::kMultiScan || running.files != 0)) {
    Tell(running, running.walk->path() + ": OK");
  }
  running_.erase(entry);
}

void Connection::OnItem(uint64_t command, Walk::Item item) {
  const auto entry = running_.find(command);
  if (entry == running_.end()) return;
  Running& running = entry->second;
  running.walking = false;
  switch (item.kind) {
    case Walk::Item::Kind::kEnd:
      running.ended = true;
      break;
    case Walk::Item::Kind::kProblem:
      running.told = true;
      Tell(running, item.path + ": " + item.problem);
      break;
    case Walk::Item::Kind::kFile:
      if (!running.ended) {
        Job job;
        job.sample = std::move(item.file);
        Submit(command, std::move(item.path), std::move(job));
      }
      break;
  }
  Advance(command);
  OnWritable();
}

void Connection::OnReport(uint64_t tag, const ScanReport& report) {
  const auto job = jobs_.find(tag);
  if (job == jobs_.end()) return;
  const Scan scan = std::move(job->second);
  jobs_.erase(job);
  Running& running = running_.at(scan.command);
  --running.scans;
  const bool clean = report.verdict == Verdict::kClean && report.alerts.empty();
  if (!running.walk || !clean) {
    running.told = true;
    for (const std::string& line :
         ReportLines(scan.subject, report, running.verb == Verb::kAllMatchScan,
                     desk_.settings())) {
      Tell(running, line);
    }
  }
  if (!running.walk) {
    running_.erase(scan.command);
  } else {
    // These two end with the first file in which something is found.
    if (!report.alerts.empty() &&
        (running.verb == Verb::kScan || running.verb == Verb::kAllMatchScan)) {
      running.ended = true;
    }
    Advance(scan.command);
  }
  OnWritable();
}

void Connection::Tell(const Running& running, std::string_view line) {
  if (out_.empty()) taken_ = Clock::now();
  if (running.number != 0) out_ += std::to_string(running.number) + ": ";
  out_ += line;
  out_ += running.terminator;
}

void Connection::Say(std::string_view line) {
  if (out_.empty()) taken_ = Clock::now();
  if (session_) out_ += std::to_string(number_) + ": ";
  out_ += line;
  out_ += terminator_;
}

void Connection::Refuse(std::string_view line) {
  Say(line);
  End(Leave::kRefused);
}

}  // namespace vitrine::doorman
