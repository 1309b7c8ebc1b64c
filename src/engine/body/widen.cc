// SPDX-License-Identifier: Apache-2.0
#include "engine/body/widen.h"

#include <utility>

#include "base/text.h"

namespace vitrine::engine::body {
namespace {

Element Zero() {
  Element zero;
  zero.value = 0;
  return zero;
}

// A 00 after each byte.
Sequence Widen(const Sequence& sequence) {
  Sequence out;
  for (const Element& element : sequence) {
    out.push_back(element);
    Element& last = out.back();
    switch (element.kind) {
      case Element::Kind::kByte:
      case Element::Kind::kSet:
        out.push_back(Zero());
        break;
      case Element::Kind::kStrings:
        for (ByteVector& string : last.strings) {
          ByteVector wide;
          for (const uint8_t byte : string) {
            wide.push_back(byte);
            wide.push_back(0);
          }
          string = std::move(wide);
        }
        break;
      case Element::Kind::kGeneric:
        for (Sequence& branch : last.branches) branch = Widen(branch);
        break;
    }
  }
  return out;
}

void IgnoreCase(Sequence& sequence) {
  for (Element& element : sequence) {
    switch (element.kind) {
      case Element::Kind::kByte:
        if (element.mask == 0xff && IsAlpha(element.value)) {
          element.mask = 0xdf;
          element.value &= 0xdf;
        }
        break;
      case Element::Kind::kSet:
        break;
      case Element::Kind::kStrings:
        element.nocase = true;
        break;
      case Element::Kind::kGeneric:
        for (Sequence& branch : element.branches) IgnoreCase(branch);
        break;
    }
  }
}

}  // namespace

std::vector<Variant> Modify(const Variant& plain, const Modifiers& modifiers) {
  Variant base = plain;
  if (modifiers.nocase) {
    for (Part& part : base) IgnoreCase(part.elements);
  }
  std::vector<Variant> out;
  if (modifiers.ascii || !modifiers.wide) out.push_back(base);
  if (modifiers.wide) {
    Variant wide = base;
    for (Part& part : wide) part.elements = Widen(part.elements);
    out.push_back(std::move(wide));
  }
  if (!modifiers.fullword) return out;
  for (Variant& variant : out) {
    const bool is_wide = modifiers.wide && &variant == &out.back();
    const auto edge = static_cast<uint8_t>(kEdgeW | (is_wide ? kEdgeWide : 0));
    if (variant.front().left_edge == 0) variant.front().left_edge = edge;
    if (variant.back().right_edge == 0) variant.back().right_edge = edge;
  }
  return out;
}

}  // namespace vitrine::engine::body
