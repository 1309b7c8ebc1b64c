// SPDX-License-Identifier: Apache-2.0
// A client's bytes, in pieces whose size the first byte says; a URL; the fields
// that our server looks at.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "http/request_reader.h"
#include "http/served_file.h"
#include "http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::http::RequestReader;
  if (size == 0) return 0;
  const size_t step = data[0] + size_t{1};
  const vitrine::Bytes bytes(data + 1, size - 1);
  const auto url = vitrine::http::ParseUrl(vitrine::AsText(bytes));
  if (url.ok()) {
    CHECK(vitrine::http::ParseUrl(url.value().Text()).value() == url.value());
  }
  RequestReader reader(100);
  for (size_t at = 0; at < bytes.size(); at += step) {
    auto state = reader.Put(vitrine::Clip(bytes, at, step));
    while (state == RequestReader::State::kWhole) {
      const auto& request = reader.request();
      CHECK(request.body.size() <= 100);
      vitrine::http::DecodePath(request.target);
      const auto range = vitrine::http::ReadRange(request.range, 1000);
      CHECK(range.first <= 1000 && range.count <= 1000 - range.first);
      state = reader.Next();
    }
    if (state == RequestReader::State::kRefused) break;
  }
  return 0;
}
