// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "ledger/ledger.h"

namespace vitrine::courier {

// What the client sends goes into the ledger first. The seam for whatever else
// will leave this machine one day: a reason each, one ledger.
class LedgerLog : public http::SendLog {
 public:
  // `ledger` outlives this.
  LedgerLog(ledger::Ledger& ledger, std::string reason)
      : ledger_(ledger), reason_(std::move(reason)) {}

  Result<uint64_t> Sending(const http::Outbound& outbound) override {
    ledger::Outbound record;
    record.destination = outbound.destination;
    record.via = outbound.via;
    record.method = outbound.method;
    record.target = outbound.target;
    record.reason = reason_;
    record.bytes.assign(outbound.bytes.begin(), outbound.bytes.end());
    return ledger_.Append(record);
  }
  // A result that cannot be written is known to be missing; the next request
  // will not be sent either.
  void Ended(uint64_t number, const http::Answer& answer) override {
    (void)ledger_.AppendResult({number, http::OutcomeName(answer.outcome),
                                static_cast<uint32_t>(answer.status),
                                answer.body_bytes});
  }

 private:
  ledger::Ledger& ledger_;
  const std::string reason_;
};

}  // namespace vitrine::courier
