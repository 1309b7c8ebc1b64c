// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/check.h"
#include "crypto/signature.h"

namespace vitrine::tuf {

// A private key that everybody has, for tests: making one anew takes a second
// of RSA. It protects nothing.
inline constexpr char kToyRsaKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQDRMpW7H8An17mp\n"
    "VMl2SYAdzE/0pNV1dSBiJlro5KOsmvBS9Hn1VHP47jKcoNu3ErKgP4Kf0+SKO89o\n"
    "/P+ZwRhicEnEyYD5RZ+A6ERPmo/MpmK16ueLB1iNucVOMkadOV6TZPX/OF9P00E2\n"
    "IjTRU/EcQwlvp6KpLcVheu0oYWvCt5bHDqbGuV35px6CJxFWgYxFlVq1XOUZ9XQD\n"
    "lVHUPz9AFAv0zM679bHyVQaLXgi3Vtca4jFFRCB0+rhmc3/1SeOUjVqUqDU8UJwf\n"
    "0h+t3y/zJBDbTN0VhF5gIuXlOu9UAEWwvDsB2ghV4QtAUOsKcFi374dGxDZUjk5g\n"
    "1K53Sm4dAgMBAAECggEADODa0960Ax/mJ5T3JAeJUgxKXcqp82Wm/TPUQ+MTamRN\n"
    "aCXxvhcZXpk3V2oVrJMDmRbf0TwHpTTiY1mz2IDJIgI8oFcxT+cn1xU1Y1smABi8\n"
    "Gevgni/xFSR7D4HL1BD8kAFWnYQYZf8g1BbN/pb20GEWGyAMRPLy5DnfkK1Sp3Vu\n"
    "W1rC3ltleFhARNg4F34J8FqfDgfwB7wKUHkk7ydiqWhVvd5Ue0Qf7tD6ArK4bbdI\n"
    "zN+YR85AXHR3PnlU89MpeXKGsAJLpb0zwMX1e/luKh2ySDTtalJIxNw/Kyrkr7Ft\n"
    "HLcUQtdiFujHatjtsQKdm1cUrl7qHN6XzVodximaIQKBgQDt1VCVcRjisq11eJfB\n"
    "fNTGVHXv5xu/faWucr92F7osFUpkwaCK7Ua0P5PCz+I41/vxteKFpb/dSy74LP4z\n"
    "sB+k4Yt8LCTNqUj+mjDKEWQ0yZIWDhcKvPn0TinxvW1EmNC9TBc0zaAp1MLxGMSf\n"
    "2oiQ0U1V/ZASUxRoWbRnDDHAbQKBgQDhLVErLxgh88ZR4QOoEWDK/kDtEH/l1GY7\n"
    "HG8aQAl7DWjId8rf3PxDiB7WK47nOiRz3hrZofUiWFl1vBo/eXl6dvsiXSgF0r7u\n"
    "RGMqh/V3v7VML5SUn089KxEou0N55hqzb9T22n6oAvtfb9SYefeKm79ZAqt/Ctqn\n"
    "LnCygkO2cQKBgQC+FT5JolGsZfgCqjZH21hHhxuXeNORkX+I1Ic3gDE4qG+D5clF\n"
    "H+zhhOq4yeNZYS4o+iCohle5KyzIB1XHw90Wr3kG7lUf1kvTyTJzXcED+5J5dBtw\n"
    "ZqczXgFiBu6845H5qUXm2u1GYZjIju4fgM6jR9UShAzQyHvIBuILdhCRZQKBgQCv\n"
    "KhZ7Nl5agwziQt0aT7JxFoohH/WuLqT8FKlkzS3S2GKLl4xsyrY+PlRmnGnE+9jB\n"
    "faR7ad6MQhgNWy87814JYycG21q39PHr3a0at7q+1ZXN1zGIz8jPN4JYohviZpqc\n"
    "vUD4ao2eWvt6iT7jAfYLkA6wyj/oSuQ+qwSmCGluMQKBgQCQBcClxHw5YDrtNvoq\n"
    "hK6NVSYa0rQ8cdrcmZBd1bEUSsUSg63wS7zNcy+A2zonTkP2YLpnISBoNeIgza6h\n"
    "7Uy/ZnD7lhpZMoEaBEEuowxhMRYoTYuLir7ZlVrkG+jU1jXS7T72ZMcaZ7bOO/EI\n"
    "6ASh9/hHl4j5bdVsyW76lLEABg==\n"
    "-----END PRIVATE KEY-----\n";

// A key of each scheme, as cheaply as may be.
inline crypto::PrivateKey ToyKey(crypto::SignatureScheme scheme) {
  if (scheme != crypto::SignatureScheme::kRsaPssSha256) {
    return crypto::PrivateKey::Generate(scheme);
  }
  auto key = crypto::PrivateKey::FromPem(kToyRsaKey);
  CHECK(key.ok());
  return std::move(key).value();
}

}  // namespace vitrine::tuf
