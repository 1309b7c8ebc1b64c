// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vitrine::cli {

// "600", "25M", "4g": bytes, with the suffixes K, M and G of clamscan (1024
// each step). nullopt for anything else, overflow included.
std::optional<uint64_t> ParseSize(std::string_view text);

// "yes", "no", "true", "false", "on", "off", "1", "0".
std::optional<bool> ParseSwitch(std::string_view text);

// 1500 as "1.5 KB": for people, in steps of 1000.
std::string ReadableSize(uint64_t bytes);

// 1234567 as "1,234,567".
std::string WithCommas(uint64_t number);

// "1 file", "2 files".
std::string Counted(uint64_t number, std::string_view noun);

// `value` with `decimals` digits after the point, whatever the locale.
std::string Decimals(double value, int decimals);

}  // namespace vitrine::cli
