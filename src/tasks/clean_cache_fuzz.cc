// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "tasks/clean_cache.h"

// The input is what follows a good head.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vitrine::tasks;
  const CleanCache::Rules rules = {};
  (void)ReadCache({data, size}, rules);
  vitrine::ByteVector file = CacheHead(rules);
  const size_t head = file.size();
  file.insert(file.end(), data, data + size);
  const CacheContents contents = ReadCache(file, rules);
  if (!contents.usable) return 0;
  if (contents.sound < head || contents.sound > file.size()) std::abort();
  // What was read can be written, and reads the same.
  vitrine::ByteVector again = CacheHead(rules);
  const vitrine::ByteVector batch = CacheBatch(contents.files);
  again.insert(again.end(), batch.begin(), batch.end());
  const CacheContents second = ReadCache(again, rules);
  if (!second.usable || second.files != contents.files) std::abort();
  return 0;
}
