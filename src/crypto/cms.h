// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

// Detached PKCS #7 signatures, judged against authorities of the caller's.
namespace vitrine::crypto {

// Whether `pkcs7` (DER) is a signature over exactly `content`, by a signer
// with a chain to one of `authorities` (PEM, each one or more certificates)
// that is valid now. Revocation lists are not asked. kInvalid: not such a
// signature at all; kDenied: it does not hold, and why.
Status VerifyDetached(Bytes pkcs7, Bytes content,
                      std::span<const std::string> authorities);

}  // namespace vitrine::crypto
