// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vitrine::db {

// Bytes of one text, blob or row; the largest of ours is an event of 128 KiB.
inline constexpr int kValueBytesMax = 1 << 20;

// How long a statement waits for another writer. Ours commit within
// milliseconds; who holds a database for longer is not ours.
inline constexpr int kBusyMs = 2000;

}  // namespace vitrine::db
