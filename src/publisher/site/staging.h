// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "publisher/files/durable_files.h"
#include "tuf/metadata.h"
#include "tuf/signer.h"
#include "update/release/leaf.h"

// A folder that goes from one who signs to the next: metadata that is not
// published yet, and what the log will say of it. The files that it lists are
// in the site's targets/ already: nothing that is published names them.
//
//   VERSION.ROLE.json   with the signatures so far
//   ROLE.leaf           the log's entry, before the digest of the signed file
//                       and the number of the one before it are known
namespace vitrine::publisher {

struct Staged {
  std::string role;
  int64_t version = 0;
  std::string path;  // Of the metadata file.
  update::Leaf leaf;
};

// What is staged, in the order in which it is published: root, targets, others
// by name. Empty where there is no folder.
Result<std::vector<Staged>> ListStaging(const std::string& folder);

// Stages a document without signatures. `leaf` needs neither its metadata nor
// its predecessor. What was staged of the role before is replaced; kDenied
// where that is an older version, whose publication was begun: the log would
// lack it.
Status Stage(const std::string& folder, const std::string& role,
             int64_t version, const json::Object& body, update::Leaf leaf);

// Adds a signature of `signer` to each staged file whose role it is a key of,
// as `root` and `top` (staged ones first) have it. Gives the roles.
Result<std::vector<std::string>> SignStaging(const std::string& folder,
                                             const std::string& site,
                                             const tuf::Signer& signer);

// Removes what was staged; ended at any point, what is left can be listed, or
// cleared again.
Status ClearStaging(const std::string& folder, const DurableFiles& files = {});

}  // namespace vitrine::publisher
