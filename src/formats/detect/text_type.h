// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/bytes.h"
#include "formats/file_type.h"

namespace vitrine::detect {

// TEXT_ASCII, TEXT_UTF16LE or TEXT_UTF16BE by the first kPrefix bytes, as
// ClamAV tells them: anything above 127 is a letter of some 8-bit set, and
// whatever is not that and has no control character where a UTF-16 unit's
// would be is UTF-16. So much binary data is "UTF-16"; target 7 signatures are
// meant for such files, too.
std::optional<FileType> TypeByText(Bytes bytes);

// Whether an HTML tag stands in the first kPrefix bytes, whatever they are.
bool StartsAsHtml(Bytes bytes);

// What a text of type `text` is beyond being text: HTML, HTML_UTF16, MAIL, XDP,
// XML_WORD, XML_XL, or nothing more.
std::optional<FileType> TypeByTextContent(Bytes bytes, FileType text);

}  // namespace vitrine::detect
