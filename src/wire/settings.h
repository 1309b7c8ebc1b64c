// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "model/scan_options.h"

namespace vitrine::wire {

// As engine::yara has them.
using External = std::variant<int64_t, double, bool, std::string>;
using Externals = std::map<std::string, External>;

// What a scanner is told once, with its database.
struct Settings {
  ScanOptions options;
  Externals externals;  // Defined by the user: they stand.
};

// kLimit if it is longer than kSettingsMax.
Result<ByteVector> EncodeSettings(const Settings& settings);
Result<Settings> DecodeSettings(Bytes bytes);

}  // namespace vitrine::wire
