// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "scanner/sample_scanner.h"
#include "wire/channel.h"
#include "wire/message.h"

namespace vitrine::scanner {

// A scanner's whole conversation with its supervisor: says what its cage is,
// opens the database that it is handed, and answers requests one after another
// until the channel ends. Thread-compatible.
class Service {
 public:
  // `channel` outlives the object.
  explicit Service(const wire::Channel& channel) : channel_(channel) {}

  // Until the supervisor is done (then Ok) or breaks the protocol. `cage` is
  // the text of a sandbox::CageReport.
  Status Run(const std::string& cage);

  // One message: what Run() does with each.
  Status Take(const wire::Channel::Received& received);

 private:
  Status OpenDatabase(const wire::SetDatabase& message, int descriptor);
  Status Scan(const wire::ScanRequest& request, int descriptor);
  Status Answer(const wire::ScanRequest& request, SampleResult result);
  Status SendReport(const wire::ScanReply& reply, Bytes report);
  Status Send(Bytes head, Bytes tail);

  const wire::Channel& channel_;
  std::unique_ptr<SampleScanner> scanner_;
};

}  // namespace vitrine::scanner
