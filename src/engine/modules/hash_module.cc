// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>
#include <tuple>

#include "base/text.h"
#include "crypto/crc32.h"
#include "crypto/digest.h"
#include "engine/modules/all_modules.h"
#include "engine/modules/limits.h"
#include "engine/modules/range.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

enum class Hash : uint8_t { kMd5, kSha1, kSha256, kCrc32, kChecksum32 };

struct Remembered : public ModuleState {
  std::map<std::tuple<Hash, int64_t, int64_t>, Value> values;
};

// The sum of the bytes, modulo 2^32.
uint32_t Checksum32(Bytes bytes) {
  uint32_t sum = 0;
  for (const uint8_t byte : bytes) sum += byte;
  return sum;
}

Value Compute(ModuleContext& context, Hash hash, Bytes bytes) {
  switch (hash) {
    case Hash::kMd5:
      return context.Keep(ToHex(crypto::Md5(bytes)));
    case Hash::kSha1:
      return context.Keep(ToHex(crypto::Sha1(bytes)));
    case Hash::kSha256:
      return context.Keep(ToHex(crypto::Sha256(bytes)));
    case Hash::kCrc32:
      return int64_t{crypto::Crc32(bytes)};
    case Hash::kChecksum32:
      return int64_t{Checksum32(bytes)};
  }
  return Undefined{};
}

template <Hash kHash>
Value OfRange(ModuleContext& context, std::span<const Value> arguments) {
  const int64_t offset = IntArgument(arguments, 0);
  const int64_t size = IntArgument(arguments, 1);
  const auto range = RangeOf(context.bytes(), offset, size);
  if (!range) return Undefined{};
  if (context.state() == nullptr) {
    context.state() = std::make_unique<Remembered>();
  }
  auto& values = static_cast<Remembered*>(context.state().get())->values;
  // By the range's real size: "to the end" is asked for in many ways.
  const auto key =
      std::make_tuple(kHash, offset, static_cast<int64_t>(range->size()));
  if (const auto found = values.find(key); found != values.end()) {
    return found->second;
  }
  const Value value = Compute(context, kHash, *range);
  if (values.size() < kDigestsRemembered) values.emplace(key, value);
  return value;
}

template <Hash kHash>
Value OfText(ModuleContext& context, std::span<const Value> arguments) {
  return Compute(context, kHash, AsBytes(TextArgument(arguments, 0)));
}

constexpr Overload kMd5[] = {{"ii", Type::kString, OfRange<Hash::kMd5>},
                             {"s", Type::kString, OfText<Hash::kMd5>}};
constexpr Overload kSha1[] = {{"ii", Type::kString, OfRange<Hash::kSha1>},
                              {"s", Type::kString, OfText<Hash::kSha1>}};
constexpr Overload kSha256[] = {{"ii", Type::kString, OfRange<Hash::kSha256>},
                                {"s", Type::kString, OfText<Hash::kSha256>}};
constexpr Overload kCrc32[] = {{"ii", Type::kInt, OfRange<Hash::kCrc32>},
                               {"s", Type::kInt, OfText<Hash::kCrc32>}};
constexpr Overload kChecksum32[] = {
    {"ii", Type::kInt, OfRange<Hash::kChecksum32>},
    {"s", Type::kInt, OfText<Hash::kChecksum32>}};

constexpr Field kFields[] = {
    FunctionField("md5", kMd5),
    FunctionField("sha1", kSha1),
    FunctionField("sha256", kSha256),
    FunctionField("crc32", kCrc32),
    FunctionField("checksum32", kChecksum32),
};

}  // namespace

const Module kHashModule = {"hash", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
