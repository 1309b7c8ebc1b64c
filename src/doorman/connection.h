// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/unique_fd.h"
#include "crypto/digest.h"
#include "doorman/chunk_reader.h"
#include "doorman/command.h"
#include "doorman/gate.h"
#include "doorman/peer.h"
#include "doorman/replies.h"
#include "doorman/settings.h"
#include "doorman/spool.h"
#include "doorman/timers.h"
#include "doorman/walk.h"
#include "model/scan_report.h"

namespace vitrine::doorman {

// What a connection asks of the server that it belongs to. Answers come later,
// by Connection::OnReport() and OnItem(), never within the call.
class Desk {
 public:
  virtual ~Desk() = default;
  virtual void Submit(const PeerKey& peer, Job job) = 0;
  // Whether a stream with this digest is known to be clean.
  virtual bool KnownClean(const crypto::Sha256Digest& digest) = 0;
  virtual void Step(uint64_t connection, uint64_t command,
                    std::shared_ptr<Walk> walk) = 0;
  virtual void Reload() = 0;
  virtual void Shutdown() = 0;
  virtual Stats stats() const = 0;
  virtual SpoolUse& spools() = 0;
  virtual const Settings& settings() const = 0;
  // For one read; its content is anybody's afterwards.
  virtual std::span<uint8_t> buffer() = 0;
};

// One client: reads commands and streams, hands samples out, writes replies.
// Never blocks. Memory: kCommandBytes + kReadBytes of input, kReplyBytes and
// one reply of output, and what Spool and Gate count. Belongs to the loop.
class Connection {
 public:
  Connection(uint64_t id, UniqueFd socket, const PeerKey& peer, Desk& desk);

  void OnReadable();
  void OnWritable();
  void OnDeadline();  // deadline() has passed.
  void OnReport(uint64_t tag, const ScanReport& report);
  void OnItem(uint64_t command, Walk::Item item);

  bool over() const { return state_ == State::kOver; }
  bool wants_input() const;
  bool wants_output() const { return !out_.empty(); }
  bool has_scans() const { return !jobs_.empty(); }
  // A folder may take hours: the loop has to notice that the client left.
  bool is_walking() const { return !running_.empty() && walks_; }
  Clock::time_point deadline() const;
  int socket() const { return socket_.get(); }
  uint64_t id() const { return id_; }
  const PeerKey& peer() const { return peer_; }

  // For the server: whether and how the loop watches this socket.
  bool watched = false;
  uint32_t watched_events = 0;
  Clock::time_point timer = Clock::time_point::max();

 private:
  enum class State : uint8_t {
    kCommand,     // Reading a command.
    kStream,      // Reading the body of INSTREAM.
    kDescriptor,  // Waiting for FILDES' descriptor.
    kEnding,      // No more input; scans are still running.
    kClosing,     // Replies are still to be taken.
    kDraining,    // Dropping what the client still sends.
    kOver,
  };
  // Which client may be cut off without ceremony.
  enum class Leave : uint8_t { kServed, kRefused };

  // A scan command under way.
  struct Running {
    Verb verb;
    uint64_t number = 0;  // Of the session; 0: none.
    char terminator = '\n';
    std::shared_ptr<Walk> walk;  // None for streams and descriptors.
    bool walking = false;        // An item was asked for and did not come yet.
    bool ended = false;          // There are no more items, or none is wanted.
    bool told = false;           // Something was said about it.
    size_t files = 0;            // Seen.
    size_t scans = 0;            // Under way.
  };
  struct Scan {
    uint64_t command;
    std::string subject;
  };

  bool CanTake() const;
  void Process(Bytes data);
  bool TakeCommand(std::string_view& rest, bool fresh);
  void TakeStream(std::string_view& rest);
  void TakeDescriptor(std::string_view& rest);
  void Handle(const Command& command);
  bool HandleSimple(const Command& command);
  void StartPathScan(const Command& command);
  uint64_t StartScan(Verb verb);
  void Submit(uint64_t command, std::string subject, Job job);
  void FinishStream();
  bool AnswerKnown(std::optional<crypto::Sha256Digest>& digest);
  void FailStream(std::string_view text);
  void Advance(uint64_t command);
  void Tell(const Running& running, std::string_view line);
  // About the command being read.
  void Say(std::string_view line);
  void Refuse(std::string_view line);
  void End(Leave leave);
  // The result of one recvmsg(): bytes, 0 at the end, -1 if there are none.
  ssize_t Receive(std::span<uint8_t> buffer);
  void Flush();
  void Settle();
  void BeginDrain();

  const uint64_t id_;
  UniqueFd socket_;
  const PeerKey peer_;
  Desk& desk_;

  State state_ = State::kCommand;
  Leave leave_ = Leave::kServed;
  bool session_ = false;
  bool walks_ = false;  // There was a path scan.
  bool end_of_input_ = false;
  char terminator_ = '\n';  // Of the last command.
  uint64_t number_ = 0;     // Of the last command of the session.
  uint64_t next_ = 0;       // Keys of running_ and jobs_.
  std::string input_;       // Not taken yet.
  std::string out_;         // Not sent yet.
  UniqueFd descriptor_;     // Came with the input that is being taken.

  std::optional<ChunkReader> chunks_;  // In kStream.
  std::unique_ptr<Spool> spool_;

  std::map<uint64_t, Running> running_;
  std::map<uint64_t, Scan> jobs_;

  const Clock::time_point begun_ = Clock::now();
  Clock::time_point active_ = begun_;  // Last input.
  Clock::time_point taken_ = begun_;   // Last output that was taken.
  Clock::time_point stage_ = begun_;   // Of kStream and kDraining: its start.
  uint64_t drained_ = 0;
};

}  // namespace vitrine::doorman
