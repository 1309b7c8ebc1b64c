// SPDX-License-Identifier: Apache-2.0
#include <cinttypes>
#include <cstdio>
#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/limits.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

// Always 1, so that a condition can have it in an `and`.
Value Log(ModuleContext& context, std::string line) {
  auto& lines = context.console();
  if (lines.size() < kConsoleLinesMax) {
    lines.push_back(std::move(line));
  } else if (lines.size() == kConsoleLinesMax) {
    lines.push_back("console: further lines were dropped");
  }
  return int64_t{1};
}

// What cannot be printed stands as \xHH: the bytes are the object's.
std::string Printable(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
      continue;
    }
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string Decimal(double value) {
  // The largest double has 309 digits before the point.
  char buffer[352];
  const int size = std::snprintf(buffer, sizeof buffer, "%f", value);
  return std::string(buffer, static_cast<size_t>(size));
}

std::string Hex(int64_t value) {
  char buffer[24];
  const int size = std::snprintf(buffer, sizeof buffer, "0x%" PRIx64,
                                 static_cast<uint64_t>(value));
  return std::string(buffer, static_cast<size_t>(size));
}

// With a message before it (the rule's own text, shown as it is), or without.
std::string Message(std::span<const Value> arguments) {
  if (arguments.size() < 2) return {};
  return std::string(TextArgument(arguments, 0));
}

Value LogText(ModuleContext& context, std::span<const Value> arguments) {
  return Log(context,
             Message(arguments) +
                 Printable(TextArgument(arguments, arguments.size() - 1)));
}
Value LogInt(ModuleContext& context, std::span<const Value> arguments) {
  return Log(context,
             Message(arguments) +
                 std::to_string(IntArgument(arguments, arguments.size() - 1)));
}
Value LogFloat(ModuleContext& context, std::span<const Value> arguments) {
  return Log(context,
             Message(arguments) +
                 Decimal(FloatArgument(arguments, arguments.size() - 1)));
}
Value LogHex(ModuleContext& context, std::span<const Value> arguments) {
  return Log(context, Message(arguments) +
                          Hex(IntArgument(arguments, arguments.size() - 1)));
}

constexpr Overload kLog[] = {
    {"s", Type::kInt, LogText},  {"ss", Type::kInt, LogText},
    {"i", Type::kInt, LogInt},   {"si", Type::kInt, LogInt},
    {"f", Type::kInt, LogFloat}, {"sf", Type::kInt, LogFloat},
};
constexpr Overload kHex[] = {
    {"i", Type::kInt, LogHex},
    {"si", Type::kInt, LogHex},
};

constexpr Field kFields[] = {
    FunctionField("log", kLog),
    FunctionField("hex", kHex),
};

}  // namespace

const Module kConsoleModule = {"console", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
