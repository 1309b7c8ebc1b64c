// SPDX-License-Identifier: Apache-2.0
#include "http_fetcher.h"

namespace vitrine::tuf {
namespace {

class SinkTaker : public http::BodyTaker {
 public:
  explicit SinkTaker(const Fetcher::Sink& sink) : sink_(sink) {}

  bool Take(Bytes bytes) override {
    status_ = sink_(bytes);
    return status_.ok();
  }
  const Status& status() const { return status_; }

 private:
  const Fetcher::Sink& sink_;
  Status status_ = Ok();
};

Code CodeOf(http::Outcome outcome) {
  switch (outcome) {
    case http::Outcome::kNotFound:
      return Code::kNotFound;
    case http::Outcome::kRefused:
      return Code::kDenied;
    case http::Outcome::kTooLarge:
      return Code::kLimit;
    default:
      return Code::kUnavailable;
  }
}

}  // namespace

Status HttpFetcher::Fetch(const std::string& url, uint64_t size_max,
                          const Sink& sink) {
  http::Request request;
  request.url = TRY(http::ParseUrl(url));
  request.body_max = size_max;
  SinkTaker taker(sink);
  const http::Answer answer = client_.Fetch(request, taker);
  if (!taker.status().ok()) return taker.status();
  if (answer.outcome == http::Outcome::kDone) return Ok();
  return Error{CodeOf(answer.outcome), http::OutcomeName(answer.outcome)};
}

Result<ByteVector> HttpFetcher::FetchMetadata(const std::string& name,
                                              size_t size_max) {
  ByteVector file;
  TRY(Fetch(metadata_url_ + name, size_max, [&file](Bytes piece) -> Status {
    file.insert(file.end(), piece.begin(), piece.end());
    return Ok();
  }));
  return file;
}

Status HttpFetcher::FetchTarget(const std::string& name, uint64_t size_max,
                                const Sink& sink) {
  return Fetch(targets_url_ + name, size_max, sink);
}

}  // namespace vitrine::tuf
