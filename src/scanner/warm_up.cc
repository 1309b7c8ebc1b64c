// SPDX-License-Identifier: Apache-2.0
#include "scanner/warm_up.h"

#include "base/bytes.h"
#include "base/mapped_file.h"
#include "crypto/digest.h"
#include "engine/modules/magic_module.h"

namespace vitrine::scanner {

void WarmUp() {
  // OpenSSL reads its configuration and looks for providers once.
  const Bytes nothing;
  crypto::Md5(nothing);
  crypto::Sha1(nothing);
  crypto::Sha256(nothing);
  // Where there is no libmagic database the module's functions are undefined,
  // here as elsewhere.
  engine::modules::PrepareMagic();
  MappedFile::TrimByTimer();
}

}  // namespace vitrine::scanner
