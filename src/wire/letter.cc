// SPDX-License-Identifier: Apache-2.0
#include "wire/letter.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "wire/limits.h"

namespace vitrine::wire {
namespace {

Error Ended() { return {Code::kUnavailable, "the other side has ended"}; }

Status WaitFor(const Channel& channel, Deadline deadline) {
  pollfd wanted = {channel.get(), POLLIN, 0};
  int milliseconds = -1;
  if (deadline.at != Deadline::Clock::time_point::max()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        deadline.at - Deadline::Clock::now());
    milliseconds =
        static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1'000'000'000));
  }
  if (poll(&wanted, 1, milliseconds) == 0) {
    return Error{Code::kDeadline, "no answer in time"};
  }
  return Ok();
}

}  // namespace

std::vector<std::string_view> Letter::Words() const { return Split(text, ' '); }

Result<LetterHead> ParseLetterHead(std::string_view head, size_t body_max) {
  const size_t blank = head.find(' ');
  if (blank == head.npos || head.size() > kLetterTextMax) {
    return Error{Code::kInvalid, "not a letter"};
  }
  const auto size = ParseDecimal(head.substr(0, blank));
  if (!size || *size > body_max) {
    return Error{Code::kInvalid, "a letter that is too long"};
  }
  return LetterHead{static_cast<size_t>(*size), head.substr(blank + 1)};
}

Status Post(const Channel& channel, std::string_view text, Bytes body,
            int descriptor) {
  const std::string head =
      std::to_string(body.size()) + ' ' + std::string(text);
  if (TRY(channel.Send(AsBytes(head), {}, descriptor, Wait::kYes)) !=
      Channel::State::kDone) {
    return Ended();
  }
  while (!body.empty()) {
    const Bytes piece = body.first(std::min(body.size(), kLetterPieceMax));
    body = body.subspan(piece.size());
    if (TRY(channel.Send(piece, Wait::kYes)) != Channel::State::kDone) {
      return Ended();
    }
  }
  return Ok();
}

Result<Letter> TakeLetter(const Channel& channel, size_t body_max,
                          Descriptors descriptors, Deadline deadline) {
  ByteVector buffer(kLetterPieceMax);
  TRY(WaitFor(channel, deadline));
  auto received = TRY(channel.Receive(buffer, descriptors, Wait::kYes));
  if (received.state != Channel::State::kDone) return Ended();
  const LetterHead head =
      TRY(ParseLetterHead(AsText(received.message), body_max));
  Letter letter;
  letter.text = head.text;
  letter.file = std::move(received.descriptor);
  while (letter.body.size() < head.body) {
    TRY(WaitFor(channel, deadline));
    auto piece =
        TRY(channel.Receive(buffer, Descriptors::kRefused, Wait::kYes));
    if (piece.state != Channel::State::kDone) return Ended();
    if (piece.message.empty() ||
        piece.message.size() > head.body - letter.body.size()) {
      return Error{Code::kInvalid, "a letter that is longer than it says"};
    }
    letter.body.insert(letter.body.end(), piece.message.begin(),
                       piece.message.end());
  }
  return letter;
}

}  // namespace vitrine::wire
