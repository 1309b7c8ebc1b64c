// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace vitrine::http {

// A request as a client sent it, as far as our server looks at it.
struct Received {
  std::string method;
  std::string target;
  std::string content_type;
  std::string range;
  std::string if_none_match;
  std::string body;
  bool keep_alive = false;
};

// Reads the requests of one connection, one after the other, from bytes as they
// come. Pure. Memory: kRequestHeaderMax, `body_max` and what is put at one
// time.
class RequestReader {
 public:
  explicit RequestReader(uint64_t body_max);
  ~RequestReader();

  enum class State : uint8_t {
    kMore,     // Not whole yet.
    kWhole,    // request() is it; Next() goes on to the one behind it.
    kRefused,  // status() is what to answer; the connection is of no use.
  };
  State Put(Bytes bytes);
  // After kWhole: forgets that request, and looks at what has come behind it.
  State Next();
  // Whether a request has begun.
  bool begun() const;

  const Received& request() const { return request_; }
  int status() const { return status_; }

 private:
  struct Parsing;
  void Begin();
  State Refuse(int status);
  void TakeFields();

  const uint64_t body_max_;
  std::unique_ptr<Parsing> parsing_;
  std::string pending_;
  Received request_;
  int status_ = 0;
};

}  // namespace vitrine::http
