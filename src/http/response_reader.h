// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "http/client.h"

namespace vitrine::http {

// Reads one response of a server that may be hostile, from bytes as they come.
// Pure: no sockets, no clock. Memory: kResponseHeaderMax, what is put at one
// time, and kErrorBodyMax.
class ResponseReader {
 public:
  // `request` and `taker` outlive the reader.
  ResponseReader(const Request& request, BodyTaker& taker);
  ~ResponseReader();

  enum class State : uint8_t { kMore, kEnded };
  // All of `bytes` is used up, or the response has ended: see answer().
  State Put(Bytes bytes);
  // The connection has ended, as the server meant it to.
  State End();
  // It has failed: a body that ends with it may not be whole.
  State Break();

  // Nobody waits any longer.
  void Abandon(Outcome outcome, std::string detail) {
    Fail(outcome, std::move(detail));
  }

  // Complete once kEnded was returned; before, what is known so far.
  Answer answer;
  std::string location;     // Of a redirect; "" where there is none.
  bool keep_alive = false;  // The connection may be used again.
  bool any_bytes = false;   // The server has begun to answer.

 private:
  struct Parsing;
  bool HeaderDone();
  bool TakesBody() const;
  State Fail(Outcome outcome, std::string detail);
  State Finish();

  const Request& request_;
  BodyTaker& taker_;
  std::unique_ptr<Parsing> parsing_;
  unsigned interim_ = 0;  // Responses of status 1xx seen.
};

}  // namespace vitrine::http
