// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/byte_statistics.h"
#include "engine/modules/range.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

// YARA has no NaN: what is not a number is undefined.
Value Defined(double value) {
  if (std::isnan(value)) return Undefined{};
  return value;
}

const Histogram* OfRange(ModuleContext& context,
                         std::span<const Value> arguments) {
  return Histograms::Of(context, IntArgument(arguments, 0),
                        IntArgument(arguments, 1));
}

Histogram OfText(std::span<const Value> arguments) {
  return Histogram(AsBytes(TextArgument(arguments, 0)));
}

Value EntropyOfRange(ModuleContext& context, std::span<const Value> arguments) {
  const Histogram* const histogram = OfRange(context, arguments);
  if (histogram == nullptr) return Undefined{};
  return Defined(Entropy(*histogram));
}

Value EntropyOfText(ModuleContext&, std::span<const Value> arguments) {
  return Defined(Entropy(OfText(arguments)));
}

Value MeanOfRange(ModuleContext& context, std::span<const Value> arguments) {
  const Histogram* const histogram = OfRange(context, arguments);
  if (histogram == nullptr) return Undefined{};
  return Defined(Mean(*histogram, As::kUnsigned));
}

Value MeanOfText(ModuleContext&, std::span<const Value> arguments) {
  return Defined(Mean(OfText(arguments), As::kSigned));
}

template <double (*kFunction)(Bytes, As)>
Value BytesOfRange(ModuleContext& context, std::span<const Value> arguments) {
  const auto range = RangeOf(context.bytes(), IntArgument(arguments, 0),
                             IntArgument(arguments, 1));
  if (!range) return Undefined{};
  return Defined(kFunction(*range, As::kUnsigned));
}

template <double (*kFunction)(Bytes, As)>
Value BytesOfText(ModuleContext&, std::span<const Value> arguments) {
  return Defined(kFunction(AsBytes(TextArgument(arguments, 0)), As::kSigned));
}

Value DeviationOfRange(ModuleContext& context,
                       std::span<const Value> arguments) {
  const Histogram* const histogram = OfRange(context, arguments);
  if (histogram == nullptr) return Undefined{};
  return Defined(Deviation(*histogram, FloatArgument(arguments, 2)));
}

Value DeviationOfText(ModuleContext&, std::span<const Value> arguments) {
  return Defined(Deviation(AsBytes(TextArgument(arguments, 0)),
                           FloatArgument(arguments, 1), As::kSigned));
}

// Of the range that starts at argument `first`, or of the whole object where
// there are no more arguments.
const Histogram* RangeOrAll(ModuleContext& context,
                            std::span<const Value> arguments, size_t first) {
  if (arguments.size() > first) {
    return Histograms::Of(context, IntArgument(arguments, first),
                          IntArgument(arguments, first + 1));
  }
  return Histograms::OfAll(context);
}

Value Count(ModuleContext& context, std::span<const Value> arguments) {
  const int64_t byte = IntArgument(arguments, 0);
  if (byte < 0 || byte > 255) return Undefined{};
  const Histogram* const histogram = RangeOrAll(context, arguments, 1);
  if (histogram == nullptr) return Undefined{};
  return Signed(histogram->counts[static_cast<size_t>(byte)]);
}

Value Percentage(ModuleContext& context, std::span<const Value> arguments) {
  const int64_t byte = IntArgument(arguments, 0);
  if (byte < 0 || byte > 255) return Undefined{};
  const Histogram* const histogram = RangeOrAll(context, arguments, 1);
  if (histogram == nullptr) return Undefined{};
  // In single precision, as YARA computes it.
  return Defined(
      double{static_cast<float>(histogram->counts[static_cast<size_t>(byte)]) /
             static_cast<float>(histogram->total)});
}

Value Mode(ModuleContext& context, std::span<const Value> arguments) {
  const Histogram* const histogram = RangeOrAll(context, arguments, 0);
  if (histogram == nullptr) return Undefined{};
  return int64_t{MostFrequent(*histogram)};
}

Value InRange(ModuleContext&, std::span<const Value> arguments) {
  const double value = FloatArgument(arguments, 0);
  return int64_t{value >= FloatArgument(arguments, 1) &&
                 value <= FloatArgument(arguments, 2)};
}

// Unsigned: -1 is the largest.
Value Max(ModuleContext&, std::span<const Value> arguments) {
  const int64_t a = IntArgument(arguments, 0);
  const int64_t b = IntArgument(arguments, 1);
  return static_cast<uint64_t>(a) > static_cast<uint64_t>(b) ? a : b;
}
Value Min(ModuleContext&, std::span<const Value> arguments) {
  const int64_t a = IntArgument(arguments, 0);
  const int64_t b = IntArgument(arguments, 1);
  return static_cast<uint64_t>(a) < static_cast<uint64_t>(b) ? a : b;
}

Value ToNumber(ModuleContext&, std::span<const Value> arguments) {
  return int64_t{Argument<bool>(arguments, 0)};
}

// The least number has no positive counterpart and stays.
Value Abs(ModuleContext&, std::span<const Value> arguments) {
  const int64_t value = IntArgument(arguments, 0);
  return value < 0 ? Signed(0 - static_cast<uint64_t>(value)) : value;
}

Value ToString(ModuleContext& context, std::span<const Value> arguments) {
  const int64_t value = IntArgument(arguments, 0);
  const int64_t base = arguments.size() < 2 ? 10 : IntArgument(arguments, 1);
  if (base == 10) return context.Keep(std::to_string(value));
  if (base != 8 && base != 16) return Undefined{};
  // 22 octal digits at most.
  char buffer[24];
  const int size =
      std::snprintf(buffer, sizeof buffer, base == 8 ? "%llo" : "%llx",
                    static_cast<unsigned long long>(value));
  return context.Keep(std::string(buffer, static_cast<size_t>(size)));
}

constexpr Overload kDeviation[] = {
    {"iif", Type::kFloat, DeviationOfRange},
    {"sf", Type::kFloat, DeviationOfText},
};
constexpr Overload kMean[] = {
    {"ii", Type::kFloat, MeanOfRange},
    {"s", Type::kFloat, MeanOfText},
};
constexpr Overload kEntropy[] = {
    {"ii", Type::kFloat, EntropyOfRange},
    {"s", Type::kFloat, EntropyOfText},
};
constexpr Overload kSerialCorrelation[] = {
    {"ii", Type::kFloat, BytesOfRange<SerialCorrelation>},
    {"s", Type::kFloat, BytesOfText<SerialCorrelation>},
};
constexpr Overload kMonteCarloPi[] = {
    {"ii", Type::kFloat, BytesOfRange<MonteCarloPi>},
    {"s", Type::kFloat, BytesOfText<MonteCarloPi>},
};
constexpr Overload kInRange[] = {{"fff", Type::kInt, InRange}};
constexpr Overload kMax[] = {{"ii", Type::kInt, Max}};
constexpr Overload kMin[] = {{"ii", Type::kInt, Min}};
constexpr Overload kToNumber[] = {{"b", Type::kInt, ToNumber}};
constexpr Overload kAbs[] = {{"i", Type::kInt, Abs}};
constexpr Overload kCount[] = {{"iii", Type::kInt, Count},
                               {"i", Type::kInt, Count}};
constexpr Overload kPercentage[] = {{"iii", Type::kFloat, Percentage},
                                    {"i", Type::kFloat, Percentage}};
constexpr Overload kMode[] = {{"ii", Type::kInt, Mode}, {"", Type::kInt, Mode}};
constexpr Overload kToString[] = {{"i", Type::kString, ToString},
                                  {"ii", Type::kString, ToString}};

constexpr Field kFields[] = {
    FloatConstant("MEAN_BYTES", 127.5),
    FunctionField("in_range", kInRange),
    FunctionField("deviation", kDeviation),
    FunctionField("mean", kMean),
    FunctionField("serial_correlation", kSerialCorrelation),
    FunctionField("monte_carlo_pi", kMonteCarloPi),
    FunctionField("entropy", kEntropy),
    FunctionField("min", kMin),
    FunctionField("max", kMax),
    FunctionField("to_number", kToNumber),
    FunctionField("abs", kAbs),
    FunctionField("count", kCount),
    FunctionField("percentage", kPercentage),
    FunctionField("mode", kMode),
    FunctionField("to_string", kToString),
};

}  // namespace

const Module kMathModule = {"math", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
