// SPDX-License-Identifier: Apache-2.0
#include "update/accept/refusal.h"

namespace vitrine::update {
namespace {

std::string_view Word(Rule rule) {
  switch (rule) {
    case Rule::kAuthorised:
      return "signatures";
    case Rule::kLogged:
      return "public log";
    case Rule::kWitnessed:
      return "witnesses";
    case Rule::kFresh:
      return "freshness";
    case Rule::kAged:
      return "public age";
    case Rule::kOffered:
      return "withholding";
    case Rule::kRebuilt:
      return "rebuilds";
    case Rule::kForward:
      return "no way back";
    case Rule::kContent:
      return "content";
    case Rule::kExplained:
      return "unexplained log";
  }
  return "";
}

}  // namespace

std::string RuleName(Rule rule) {
  return "rule " + std::to_string(static_cast<int>(rule)) + " (" +
         std::string(Word(rule)) + ")";
}

Error Refused(Rule rule, std::string_view why) {
  return {Code::kDenied,
          "refused by " + RuleName(rule) + ": " + std::string(why)};
}

}  // namespace vitrine::update
