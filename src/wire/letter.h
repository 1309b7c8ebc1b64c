// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "wire/channel.h"

// What the verifier and whoever runs it say to each other: a line of words,
// bytes of any length, and at most one open file. docs/spec/update.md has what
// is said.
namespace vitrine::wire {

struct Letter {
  std::string text;  // Without an end.
  ByteVector body;
  UniqueFd file;

  // The words between blanks; at least one, which may be empty.
  std::vector<std::string_view> Words() const;
};

// "12 save log-view": a body of 12 bytes comes behind. kInvalid for a length
// that is not decimal, longer than `body_max` or text beyond kLetterTextMax.
struct LetterHead {
  size_t body = 0;
  std::string_view text;
};
Result<LetterHead> ParseLetterHead(std::string_view head, size_t body_max);

// Sends one, waiting. kUnavailable where the other side has ended.
Status Post(const Channel& channel, std::string_view text, Bytes body = {},
            int descriptor = -1);

// The next one; of a body of more than `body_max` nothing is taken. kDeadline,
// kUnavailable at the end, kInvalid for what is no letter.
Result<Letter> TakeLetter(const Channel& channel, size_t body_max,
                          Descriptors descriptors, Deadline deadline);

}  // namespace vitrine::wire
