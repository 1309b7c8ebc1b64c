// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/ir/program.h"
#include "engine/object/object.h"
#include "model/scan_options.h"

// The ClamAV signature family: files to rules, hashes and auxiliaries
// (reference §2.1 to §2.6), and logical signatures to answers.
namespace vitrine::engine::clamav {

// The level we claim: signatures say for which levels they are meant. Above
// 255 nearly every logical signature would be skipped (reference §2.2).
inline constexpr uint32_t kFunctionalityLevel = 216;

// What a logical signature may ask of the scan, beyond its own patterns.
class Environment {
 public:
  virtual Object& object() = 0;
  // The bytes of the view the rule runs on: raw, or normalised.
  virtual Bytes view() = 0;
  virtual const ScanOptions& options() = 0;
  virtual Deadline deadline() = 0;
  // The database's icons (engine/ir Auxiliary::Kind::kIcon).
  virtual std::vector<Bytes> Icons() = 0;
  // The picture's perceptual hash, if the object is a picture. Asked for by
  // each rule that wants it: worth remembering, which the default does not.
  virtual std::optional<uint64_t> ImageHash();
  // HandlerType: the object shall be scanned again as this type.
  virtual void Rescan(FileType type) = 0;

 protected:
  ~Environment() = default;
};

// Whether the signature holds. `code` is ir::Rule::code and may be hostile:
// checked as it runs; bad code is kInvalid. kLimit: a regular expression was
// given up, so that "does not hold" is not certain.
Result<bool> Evaluate(Bytes code, MatchSource& matches,
                      Environment& environment);

}  // namespace vitrine::engine::clamav
