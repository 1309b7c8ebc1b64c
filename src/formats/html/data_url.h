// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "formats/html/html.h"

namespace vitrine::html {

// What "data:..." holds; nullopt for what is no such URL.
std::optional<DataUrl> ReadDataUrl(std::string_view url);

}  // namespace vitrine::html
