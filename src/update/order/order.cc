// SPDX-License-Identifier: Apache-2.0
#include "update/order/order.h"

#include <vector>

#include "base/text.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kWhats[] = {"none", "offered", "taken"};

bool Read(std::string_view text, uint64_t& number) {
  const auto read = CanonicalNumber(text, kNumberMax);
  if (!read) return false;
  number = *read;
  return true;
}

std::string Word(std::string_view name, uint64_t number) {
  return ' ' + std::string(name) + ' ' + std::to_string(number);
}

}  // namespace

bool IsChannel(std::string_view name) { return IsRoleName(name); }

Result<Order> ParseOrder(std::string_view text) {
  const auto words = Split(text, ' ');
  Order order;
  if (words.size() != 12 || words[0] != "order" || !IsChannel(words[1]) ||
      !Read(words[3], order.current) || !Read(words[5], order.pin) ||
      !Read(words[7], order.clock) || !Read(words[9], order.min_age)) {
    return Error{Code::kInvalid, "not an order"};
  }
  order.channel = words[1];
  order.bundle = words[10] == "bundle";
  order.look = words[11] == "look";
  if (FormatOrder(order) != text) return Error{Code::kInvalid, "not an order"};
  return order;
}

std::string FormatOrder(const Order& order) {
  return "order " + order.channel + Word("current", order.current) +
         Word("pin", order.pin) + Word("clock", order.clock) +
         Word("min-age", order.min_age) +
         (order.bundle ? " bundle" : " mirrors") +
         (order.look ? " look" : " take");
}

Result<Verdict> ParseVerdict(std::string_view text) {
  const auto words = Split(text, ' ');
  Verdict verdict;
  if (words.size() != 7 || !Read(words[2], verdict.version) ||
      !Read(words[3], verdict.index) || !Read(words[4], verdict.size) ||
      !Read(words[5], verdict.wire)) {
    return Error{Code::kInvalid, "not a verdict"};
  }
  for (size_t i = 0; i < std::size(kWhats); ++i) {
    if (words[1] == kWhats[i]) verdict.what = static_cast<Verdict::What>(i);
  }
  verdict.delta = words[6] == "delta";
  if (FormatVerdict(verdict) != text) {
    return Error{Code::kInvalid, "not a verdict"};
  }
  return verdict;
}

std::string FormatVerdict(const Verdict& verdict) {
  return "verdict " + std::string(kWhats[static_cast<size_t>(verdict.what)]) +
         ' ' + std::to_string(verdict.version) + ' ' +
         std::to_string(verdict.index) + ' ' + std::to_string(verdict.size) +
         ' ' + std::to_string(verdict.wire) +
         (verdict.delta ? " delta" : " full");
}

}  // namespace vitrine::update
