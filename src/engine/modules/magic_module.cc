// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/magic_module.h"

#include <magic.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/modules/all_modules.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

struct CloseCookie {
  void operator()(magic_t cookie) const { magic_close(cookie); }
};
using Cookie = std::unique_ptr<magic_set, CloseCookie>;

// A cookie serves one thread; one object's context never leaves its thread.
magic_t ThreadCookie() {
  thread_local Cookie cookie;
  thread_local bool tried = false;
  if (!tried) {
    tried = true;
    cookie.reset(magic_open(MAGIC_NONE));
    if (cookie != nullptr && magic_load(cookie.get(), nullptr) != 0) {
      cookie.reset();
    }
  }
  return cookie.get();
}

struct Remembered : public ModuleState {
  std::optional<Value> type;
  std::optional<Value> mime_type;
};

Remembered& StateOf(ModuleContext& context) {
  if (context.state() == nullptr) {
    context.state() = std::make_unique<Remembered>();
  }
  return static_cast<Remembered&>(*context.state());
}

Value Ask(ModuleContext& context, int flags) {
  const magic_t cookie = ThreadCookie();
  if (cookie == nullptr || magic_setflags(cookie, flags) != 0) {
    return Undefined{};
  }
  const Bytes bytes = context.bytes();
  const char* const answer = magic_buffer(cookie, bytes.data(), bytes.size());
  if (answer == nullptr) return Undefined{};
  return context.Keep(answer);
}

Value TypeOf(ModuleContext& context, std::span<const Value>) {
  auto& remembered = StateOf(context).type;
  if (!remembered) remembered = Ask(context, MAGIC_NONE);
  return *remembered;
}

Value MimeType(ModuleContext& context, std::span<const Value>) {
  auto& remembered = StateOf(context).mime_type;
  if (!remembered) remembered = Ask(context, MAGIC_MIME_TYPE);
  return *remembered;
}

constexpr Overload kType[] = {{"", Type::kString, TypeOf}};
constexpr Overload kMimeType[] = {{"", Type::kString, MimeType}};

constexpr Field kFields[] = {
    FunctionField("type", kType),
    FunctionField("mime_type", kMimeType),
};

}  // namespace

bool PrepareMagic() { return ThreadCookie() != nullptr; }

const Module kMagicModule = {"magic", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
