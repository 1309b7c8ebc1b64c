// SPDX-License-Identifier: Apache-2.0
#include "response/spool_sink.h"

namespace vitrine::response {

Result<std::unique_ptr<SpoolSink>> SpoolSink::Open(const config::Paths& paths,
                                                   const std::string& writer) {
  auto spool = TRY(
      events::SpoolWriter::Open({paths.EventSpool() + "/" + writer, writer}));
  return std::unique_ptr<SpoolSink>(new SpoolSink(std::move(spool)));
}

void SpoolSink::Append(const events::Event& event) {
  // What is lost is counted by the writer and confessed in the spool.
  (void)writer_->Append(event);
}

}  // namespace vitrine::response
