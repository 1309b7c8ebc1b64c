// SPDX-License-Identifier: Apache-2.0
#include "update/fetch/courier_fetcher.h"

#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"

namespace vitrine::update {
namespace {

constexpr size_t kPiece = 64 * 1024;

Code CodeOf(const std::string& reason) {
  if (reason == "too-large") return Code::kLimit;
  if (reason == "refused" || reason == "tls") return Code::kDenied;
  return Code::kUnavailable;
}

}  // namespace

Status CourierFetcher::Fetch(const std::string& name, uint64_t size_max,
                             bool immutable) {
  const auto results = TRY(courier_.Run({avoid_, {{name, size_max, immutable}}},
                                        Deadline::After(options_.time)));
  const wire::CourierResult& result = results.front();
  mirror_ = result.mirror;
  switch (result.kind) {
    case wire::CourierResult::Kind::kGot:
      return Ok();
    case wire::CourierResult::Kind::kMissing:
      return Error{Code::kNotFound, name + ": no mirror has it"};
    case wire::CourierResult::Kind::kFailed:
      break;
  }
  return Error{CodeOf(result.reason),
               name + ": " + result.reason + ": " + result.detail};
}

Result<ByteVector> CourierFetcher::FetchMetadata(const std::string& name,
                                                 size_t size_max) {
  const std::string staged = options_.metadata + name;
  TRY(Fetch(staged, size_max, false));
  return courier_.ReadStaged(staged, size_max);
}

Status CourierFetcher::FetchTarget(const std::string& name, uint64_t size_max,
                                   const Sink& sink) {
  const std::string staged = options_.targets + name;
  TRY(Fetch(staged, size_max, true));
  const UniqueFd file = TRY(courier_.TakeStaged(staged, size_max));
  ByteVector piece(kPiece);
  for (uint64_t left = size_max;;) {
    const ssize_t got = read(file.get(), piece.data(), piece.size());
    if (got < 0) return SystemError(staged, errno);
    if (got == 0) return Ok();
    const auto size = static_cast<size_t>(got);
    if (size > left) return Error{Code::kLimit, staged + ": grew"};
    left -= size;
    TRY(sink(Bytes(piece).first(size)));
  }
}

}  // namespace vitrine::update
