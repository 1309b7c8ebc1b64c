// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {

// How many different keys of `role`, of `schemes`, have validly signed. Two
// identifiers of one public key count once; signatures that do not verify, or
// are of others, do not matter.
int64_t CountSigners(const Envelope& envelope, const Keys& keys,
                     const RoleKeys& role, Schemes schemes);

// kDenied unless there are as many as the role's threshold. `what` is the file
// and `whose` the document with the keys, for the message.
Status CheckThreshold(const Envelope& envelope, const Keys& keys,
                      const RoleKeys& role, Schemes schemes,
                      const std::string& what, const std::string& whose);

}  // namespace vitrine::tuf
