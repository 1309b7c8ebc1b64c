// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "config/paths.h"
#include "events/spool_writer.h"
#include "response/event_sink.h"

namespace vitrine::response {

// Appends to the spool of the program `writer`; what cannot be written is
// counted there. Thread-safe.
class SpoolSink : public EventSink {
 public:
  static Result<std::unique_ptr<SpoolSink>> Open(const config::Paths& paths,
                                                 const std::string& writer);
  void Append(const events::Event& event) override;
  uint64_t lost() const { return writer_->lost(); }

 private:
  explicit SpoolSink(std::unique_ptr<events::SpoolWriter> writer)
      : writer_(std::move(writer)) {}
  std::unique_ptr<events::SpoolWriter> writer_;
};

}  // namespace vitrine::response
