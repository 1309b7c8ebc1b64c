// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>

#include "base/code.h"
#include "engine/yara/opcode.h"
#include "engine/yara/yara.h"

namespace vitrine::engine::yara {

ByteVector EncodeExternal(const External& value) {
  CodeWriter out;
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    out.U8(static_cast<uint8_t>(ExternalType::kInteger));
    out.U64(static_cast<uint64_t>(*integer));
  } else if (const auto* real = std::get_if<double>(&value)) {
    out.U8(static_cast<uint8_t>(ExternalType::kFloat));
    out.F64(*real);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    out.U8(static_cast<uint8_t>(ExternalType::kBool));
    out.U8(*boolean ? 1 : 0);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    out.U8(static_cast<uint8_t>(ExternalType::kText));
    out.Counted(*text);
  }
  return out.Take();
}

Result<External> DecodeExternal(Bytes code) {
  CodeReader in(code);
  External value;
  switch (static_cast<ExternalType>(in.U8())) {
    case ExternalType::kInteger:
      value = static_cast<int64_t>(in.U64());
      break;
    case ExternalType::kFloat:
      value = in.F64();
      break;
    case ExternalType::kBool:
      value = in.U8() != 0;
      break;
    case ExternalType::kText:
      value = std::string(in.CountedText());
      break;
    default:
      return Error{Code::kInvalid, "external variable of unknown type"};
  }
  if (!in.ok()) return Error{Code::kInvalid, "bad external variable"};
  return value;
}

}  // namespace vitrine::engine::yara
