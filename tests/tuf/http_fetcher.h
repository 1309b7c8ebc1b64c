// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/client.h"
#include "tuf/client.h"

namespace vitrine::tuf {

// Files from two base URLs, each ending in '/'. The URL of the targets may be
// empty when none are asked for.
class HttpFetcher : public Fetcher {
 public:
  HttpFetcher(http::Client& client, std::string metadata_url,
              std::string targets_url)
      : client_(client),
        metadata_url_(std::move(metadata_url)),
        targets_url_(std::move(targets_url)) {}

  Result<ByteVector> FetchMetadata(const std::string& name,
                                   size_t size_max) override;
  Status FetchTarget(const std::string& name, uint64_t size_max,
                     const Sink& sink) override;

 private:
  Status Fetch(const std::string& url, uint64_t size_max, const Sink& sink);

  http::Client& client_;
  std::string metadata_url_;
  std::string targets_url_;
};

}  // namespace vitrine::tuf
