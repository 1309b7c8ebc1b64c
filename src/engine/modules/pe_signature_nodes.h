// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/modules/module.h"
#include "engine/modules/pe_functions.h"
#include "engine/modules/pe_state.h"

// The fields of the pe module about Authenticode signatures.
namespace vitrine::engine::modules {

inline constexpr Field kPeCertificateFields[] = {
    {"thumbprint", Type::kString}, {"issuer", Type::kString},
    {"subject", Type::kString},    {"version", Type::kInt},
    {"algorithm", Type::kString},  {"algorithm_oid", Type::kString},
    {"serial", Type::kString},     {"not_before", Type::kInt},
    {"not_after", Type::kInt},
};
inline constexpr Field kPeSignerFields[] = {
    {"program_name", Type::kString},
    {"digest", Type::kString},
    {"digest_alg", Type::kString},
    {"length_of_chain", Type::kInt},
    {"chain", Type::kArray, Type::kStruct, kPeCertificateFields},
};
inline constexpr Field kPeCountersignatureFields[] = {
    {"verified", Type::kInt},
    {"sign_time", Type::kInt},
    {"digest", Type::kString},
    {"digest_alg", Type::kString},
    {"length_of_chain", Type::kInt},
    {"chain", Type::kArray, Type::kStruct, kPeCertificateFields},
};
// Begins as kPeCertificateFields do: with the signer's certificate.
inline constexpr Field kPeSignatureFields[] = {
    {"thumbprint", Type::kString},
    {"issuer", Type::kString},
    {"subject", Type::kString},
    {"version", Type::kInt},
    {"algorithm", Type::kString},
    {"algorithm_oid", Type::kString},
    {"serial", Type::kString},
    {"not_before", Type::kInt},
    {"not_after", Type::kInt},
    {"verified", Type::kInt},
    {"digest_alg", Type::kString},
    {"digest", Type::kString},
    {"file_digest", Type::kString},
    {"number_of_certificates", Type::kInt},
    {"certificates", Type::kArray, Type::kStruct, kPeCertificateFields},
    {"signer_info", Type::kStruct, Type::kInt, kPeSignerFields},
    {"number_of_countersignatures", Type::kInt},
    {"countersignatures", Type::kArray, Type::kStruct,
     kPeCountersignatureFields},
    {.name = "valid_on",
     .type = Type::kFunction,
     .overloads = kPeSignatureValidOn},
};

Node PeIsSigned(PeState& pe);
Node PeSignatureCount(PeState& pe);
Node PeSignatures(PeState& pe);

}  // namespace vitrine::engine::modules
