// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/site_source.h"

#include "base/read_file.h"
#include "http/client.h"
#include "publisher/site/limits.h"

namespace vitrine::publisher {
namespace {

class Folder : public SiteSource {
 public:
  explicit Folder(std::string folder) : folder_(std::move(folder)) {}

  Result<ByteVector> Fetch(const std::string& path,
                           uint64_t size_max) override {
    return ReadFile(folder_ + "/" + path, size_max);
  }

 private:
  std::string folder_;
};

class BytesTaker : public http::BodyTaker {
 public:
  bool Take(Bytes more) override {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return true;
  }
  ByteVector bytes;
};

class Server : public SiteSource {
 public:
  static Result<std::unique_ptr<SiteSource>> Open(std::string base) {
    if (!base.ends_with('/')) base += '/';
    auto server = std::make_unique<Server>();
    TRY(http::ParseUrl(base));
    server->base_ = std::move(base);
    server->client_ = TRY(http::MakeClient({}, server->log_));
    return std::unique_ptr<SiteSource>(std::move(server));
  }

  Result<ByteVector> Fetch(const std::string& path,
                           uint64_t size_max) override {
    http::Request request;
    request.url = TRY(http::ParseUrl(base_ + path));
    request.body_max = size_max;
    request.total = kFetchTime;
    BytesTaker taker;
    const http::Answer answer = client_->Fetch(request, taker);
    switch (answer.outcome) {
      case http::Outcome::kDone:
        return std::move(taker.bytes);
      case http::Outcome::kNotFound:
        return Error{Code::kNotFound, base_ + path + ": not there"};
      case http::Outcome::kTooLarge:
        return Error{Code::kLimit, base_ + path + ": too large"};
      default:
        return Error{Code::kUnavailable, base_ + path + ": " +
                                             http::OutcomeName(answer.outcome) +
                                             " " + answer.detail};
    }
  }

 private:
  std::string base_;
  http::NoSendLog log_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace

Result<std::unique_ptr<SiteSource>> OpenSite(const std::string& place) {
  if (place.starts_with("http://") || place.starts_with("https://")) {
    return Server::Open(place);
  }
  return std::unique_ptr<SiteSource>(std::make_unique<Folder>(place));
}

}  // namespace vitrine::publisher
