// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "update/fetch/courier_client.h"
#include "update/order/order.h"
#include "update/state/state.h"
#include "wire/channel.h"
#include "wire/letter.h"

namespace vitrine::update {

// One update seen from outside of the verifier's cage: what it asks for is
// fetched, read or written, by name; none of the bytes are looked at. What it
// may name is fixed, so that a verifier that was taken over reaches nothing but
// the mirrors' files and its own.
class Relay {
 public:
  struct Options {
    std::string verifier;              // The program.
    CourierClient* courier = nullptr;  // Null: files come from `bundle`.
    std::string bundle;
    std::vector<uint32_t> avoid;  // Mirrors, from 0.
  };

  // `state` outlives this.
  Relay(UpdateState& state, Options options)
      : state_(state), options_(std::move(options)) {}

  // Starts a verifier with `order` and serves it to its verdict. A refusal has
  // the verifier's words.
  Result<Verdict> Run(const Order& order);

  // What it said that a person should hear.
  const std::vector<std::string>& alerts() const { return alerts_; }
  // The mirror that gave the last file.
  uint32_t mirror() const { return mirror_; }

 private:
  Status Serve(const wire::Channel& verifier, const wire::Letter& letter);
  Status Answer(const wire::Channel& verifier, Result<UniqueFd> file);
  Result<UniqueFd> Fetch(const std::string& name, uint64_t size_max,
                         bool lasting);
  Result<UniqueFd> Load(const std::string& name) const;

  UpdateState& state_;
  const Options options_;
  std::vector<std::string> alerts_;
  uint32_t mirror_ = 0;
};

}  // namespace vitrine::update
