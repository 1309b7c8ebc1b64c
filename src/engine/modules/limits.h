// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace vitrine::engine::modules {

// Digests remembered for one object. Rule sets ask for the same few ranges
// over and over; a rule that loops over ranges could fill memory. Beyond it
// digests are computed anew.
inline constexpr size_t kDigestsRemembered = 256;

// Byte counts of ranges remembered for one object, 2 KB each; as above.
inline constexpr size_t kHistogramsRemembered = 64;

// Lines of the console module kept for one object; a rule that logs in a loop
// could fill memory. One more line says that the rest was dropped.
inline constexpr size_t kConsoleLinesMax = 10'000;

// Bytes of symbol names that telfhash and import_md5 are made of. Symbols may
// share the bytes of their names, so that the file's size does not bound them.
// Beyond it both are undefined.
inline constexpr size_t kHashedNamesMax = size_t{16} << 20;

// Bytes of names that one call of dex.has_method() or has_class() with an
// expression looks at; methods may share a name of any length. Beyond it the
// answer is undefined.
inline constexpr size_t kMatchedNamesMax = size_t{64} << 20;

}  // namespace vitrine::engine::modules
