// SPDX-License-Identifier: Apache-2.0
// A server's bytes, in pieces whose size the first byte says.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "http/response_reader.h"

namespace {

class Counter : public vitrine::http::BodyTaker {
 public:
  bool Take(vitrine::Bytes bytes) override {
    count += bytes.size();
    return true;
  }
  uint64_t count = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::http::ResponseReader;
  if (size == 0) return 0;
  vitrine::http::Request request;
  request.body_max = 100;
  request.resume_from = data[0] >= 128 ? 10 : 0;
  const size_t step = (data[0] & 127) + size_t{1};
  Counter counter;
  ResponseReader reader(request, counter);
  const vitrine::Bytes bytes(data + 1, size - 1);
  auto state = ResponseReader::State::kMore;
  for (size_t at = 0;
       at < bytes.size() && state == ResponseReader::State::kMore; at += step) {
    state = reader.Put(vitrine::Clip(bytes, at, step));
  }
  if (state == ResponseReader::State::kMore) reader.End();
  CHECK(counter.count <= request.body_max);
  CHECK(counter.count == reader.answer.body_bytes);
  return 0;
}
