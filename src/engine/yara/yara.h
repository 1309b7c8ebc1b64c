// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/ir/program.h"
#include "engine/modules/module.h"
#include "engine/object/object.h"

// The YARA language, version 4.5: source text to rules, and rules to answers.
namespace vitrine::engine::yara {

using External = std::variant<int64_t, double, bool, std::string>;
using Externals = std::map<std::string, External>;

enum class Dialect : uint8_t {
  kYara,
  // The subset that ClamAV reads (reference §2.9), its quirks included: rules
  // are named YARA.<rule>.
  kClamav,
};

struct CompileOptions {
  Dialect dialect = Dialect::kYara;
  Externals externals;
  // The text of an included file, or nullopt; null: includes are errors.
  // `name` is as written; `from` is the including file: the compiled one's
  // name, or below that the names of includes taken relative to each other.
  std::function<std::optional<std::string>(std::string_view name,
                                           std::string_view from)>
      include;
};

// Compiles one source into `program`, in a namespace of its own. A rule with an
// error is left out (with whatever refers to it), a diagnostic says why, and
// the rest stays. Never fails as a whole.
void Compile(std::string_view file, std::string_view text,
             const CompileOptions& options, ir::Program& program);

// The code of an ir::Auxiliary of kind kExternal, which Compile() adds for each
// external variable: its type and default.
ByteVector EncodeExternal(const External& value);
Result<External> DecodeExternal(Bytes code);

// What a rule may ask of the scan, beyond its own patterns. Implemented by
// engine/scan; not thread-safe.
class Environment {
 public:
  virtual Object& object() = 0;
  // The module's data for this object; the same one for all rules.
  virtual modules::ModuleContext& Module(std::string_view name) = 0;
  // Whether rule `index` of the program holds for this object.
  virtual bool RuleHolds(uint32_t index) = 0;
  // An external variable's value, as given for this scan.
  virtual const External* Find(std::string_view external) = 0;
  virtual Deadline deadline() = 0;
  // As regex::Matches(). Whoever has many objects keeps expressions ready.
  virtual Result<bool> Matches(Bytes expression, Bytes text);

 protected:
  ~Environment() = default;
};

// Whether the rule's condition holds. `code` is ir::Rule::code and may be
// hostile: it is checked as it runs, and bad code is kInvalid. Work is bounded
// by the deadline: kDeadline.
Result<bool> Evaluate(Bytes code, MatchSource& matches,
                      Environment& environment);

}  // namespace vitrine::engine::yara
