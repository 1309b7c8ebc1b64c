// SPDX-License-Identifier: Apache-2.0
// A scanner like any other, except for samples that begin with "FAULT:WORD\n":
// those make it misbehave as the table below has it. The external variable
// `fault` does the same to its start: "exit", "slow", "refuse".
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "sandbox/confine.h"
#include "scanner/cage.h"
#include "scanner/service.h"
#include "wire/channel.h"
#include "wire/settings.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.
using wire::Channel;

void Sleep(int ms) { poll(nullptr, 0, ms); }

void Say(const Channel& channel, Bytes head, Bytes tail = {}) {
  (void)channel.Send(head, tail, -1, wire::Wait::kYes);
}

// The volatile keeps the compiler from knowing that it never works.
void Crash() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}

wire::ScanReply CleanReply(uint64_t id) {
  wire::ScanReply reply;
  reply.id = id;
  reply.verdict = Verdict::kClean;
  return reply;
}

struct Fault {
  std::string_view word;
  // Whether the sample is to be scanned all the same, afterwards.
  bool (*commit)(const Channel& channel, uint64_t id);
};

constexpr Fault kFaults[] = {
    {"crash", [](const Channel&, uint64_t) { return Crash(), true; }},
    {"exit", [](const Channel&, uint64_t) -> bool { _exit(0); }},
    {"hang", [](const Channel&, uint64_t) { return Sleep(-1), true; }},
    {"spin",
     [](const Channel&, uint64_t) {
       for (volatile bool on = true; on;) continue;
       return true;
     }},
    {"slow", [](const Channel&, uint64_t) { return Sleep(100), true; }},
    {"hoard",
     [](const Channel&, uint64_t) {
       // Where nothing bounds it, it ends well after a while.
       constexpr size_t kStep = size_t{1} << 20;
       std::vector<std::unique_ptr<char[]>> hoard;
       for (size_t i = 0; i < 4096; ++i) {
         hoard.emplace_back(new char[kStep]);
         std::memset(hoard.back().get(), 1, kStep);
       }
       return true;
     }},
    {"chatter",
     [](const Channel&, uint64_t) {
       const std::string line = "\x1b]0;owned\x07\x1b[2J evil\r\n";
       for (int i = 0; i < 200000; ++i) {
         (void)!write(sandbox::kErrorOutput, line.data(), line.size());
       }
       return true;
     }},
    {"last-words",
     [](const Channel&, uint64_t) {
       (void)!write(sandbox::kErrorOutput, "I am done", 9);
       return Crash(), true;
     }},
    {"forbidden", [](const Channel&, uint64_t) { return getppid() > 0; }},
    {"garbage",
     [](const Channel& channel, uint64_t) {
       Say(channel, AsBytes("\x13\x37 this is no message"));
       return false;
     }},
    {"other-id",
     [](const Channel& channel, uint64_t id) {
       Say(channel, wire::Encode(CleanReply(id + 1)));
       return false;
     }},
    {"twice",
     [](const Channel& channel, uint64_t id) {
       Say(channel, wire::Encode(CleanReply(id)));
       Say(channel, wire::Encode(CleanReply(id)));
       return false;
     }},
    {"endless-report",
     [](const Channel& channel, uint64_t id) {
       wire::ScanReply reply = CleanReply(id);
       reply.report_size = 1000;
       Say(channel, wire::Encode(reply));
       Say(channel, wire::EncodeReportPartHead(id), ByteVector(1001));
       return false;
     }},
    {"half-report",
     [](const Channel& channel, uint64_t id) {
       wire::ScanReply reply = CleanReply(id);
       reply.report_size = 1000;
       Say(channel, wire::Encode(reply), ByteVector(10));
       Crash();
       return false;
     }},
    {"damaged-report",
     [](const Channel& channel, uint64_t id) {
       wire::ScanReply reply = CleanReply(id);
       reply.report_size = 10;
       Say(channel, wire::Encode(reply), ByteVector(10));
       return false;
     }},
    {"hello-again",
     [](const Channel& channel, uint64_t) {
       Say(channel, wire::Encode(wire::Hello{}));
       return false;
     }},
    {"answer-and-crash",
     [](const Channel& channel, uint64_t id) {
       Say(channel, wire::Encode(CleanReply(id)));
       Crash();
       return false;
     }},
};

// False: the request needs no other answer.
bool CommitFault(const Channel& channel, const Channel::Received& received) {
  const auto request = wire::DecodeScanRequest(received.message);
  if (!request.ok()) return true;
  char start[32] = {};
  if (pread(received.descriptor.get(), start, sizeof start, 0) < 0) return true;
  std::string_view text(start, sizeof start);
  constexpr std::string_view kMark = "FAULT:";
  if (!text.starts_with(kMark)) return true;
  text.remove_prefix(kMark.size());
  text = text.substr(0, text.find('\n'));
  for (const Fault& fault : kFaults) {
    if (fault.word == text) return fault.commit(channel, request.value().id);
  }
  return true;
}

// False: the database is not to be opened.
bool StartFaultily(const Channel& channel, Bytes message) {
  const auto set = wire::DecodeSetDatabase(message);
  if (!set.ok()) return true;
  const auto settings = wire::DecodeSettings(set.value().settings);
  if (!settings.ok()) return true;
  const auto fault = settings.value().externals.find("fault");
  if (fault == settings.value().externals.end()) return true;
  const std::string word = std::get<std::string>(fault->second);
  if (word == "exit") _exit(1);
  if (word == "slow") Sleep(300);
  if (word != "refuse") return true;
  Say(channel, wire::Encode(wire::Ready{set.value().generation, false,
                                        "refused for a test"}));
  return false;
}

Status Run() {
  const Channel channel{UniqueFd(sandbox::kChannel)};
  const std::string cage = TRY(scanner::EnterCage());
  scanner::Service service(channel);
  Say(channel, wire::Encode(wire::Hello{cage}));
  ByteVector buffer(wire::kMessageMax);
  while (true) {
    const auto received = TRY(
        channel.Receive(buffer, wire::Descriptors::kTaken, wire::Wait::kYes));
    if (received.state == Channel::State::kClosed) return Ok();
    const auto kind = TRY(wire::KindOf(received.message));
    const bool goes_on = kind == wire::Kind::kSetDatabase
                             ? StartFaultily(channel, received.message)
                             : CommitFault(channel, received);
    if (goes_on) TRY(service.Take(received));
  }
}

}  // namespace

int main() { return Run().ok() ? 0 : 1; }
