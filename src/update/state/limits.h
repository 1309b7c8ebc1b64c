// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// Databases that are kept, the one in use among them.
inline constexpr size_t kDatabasesKept = 5;

// Folders looked at among the databases: those that are kept, and what
// interrupted updates left.
inline constexpr size_t kFoldersMax = 64;

// Files of metadata: four roles, those that an update looks at for a target
// (32), and what is left of roles that are gone. More are not saved.
inline constexpr size_t kMetadataFilesMax = 128;

// Evidence files; later ones are not written, the first ones say enough.
inline constexpr size_t kEvidenceMax = 256;

// Bytes of a file that is kept for the verifier, and beside a database.
inline constexpr size_t kKeptSizeMax = size_t{64} << 20;

// An update waits so long for another one that runs.
inline constexpr int kLockSeconds = 2;

}  // namespace vitrine::update
