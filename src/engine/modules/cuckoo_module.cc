// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/all_modules.h"
#include "engine/modules/schema.h"

// YARA's cuckoo module judges a sandbox's report that is given along with the
// file. We have no such report, and without one YARA says that nothing
// happened: every function gives 0.
namespace vitrine::engine::modules {
namespace {

Value Nothing(ModuleContext&, const Node&, std::span<const Value>) {
  return int64_t{0};
}

constexpr Overload kByText[] = {
    {"r", Type::kInt, nullptr, Nothing},
};
constexpr Overload kByTextAndPort[] = {
    {"ri", Type::kInt, nullptr, Nothing},
};

constexpr Field kNetwork[] = {
    FunctionField("dns_lookup", kByText),
    FunctionField("http_get", kByText),
    FunctionField("http_post", kByText),
    FunctionField("http_request", kByText),
    FunctionField("http_user_agent", kByText),
    FunctionField("host", kByText),
    FunctionField("tcp", kByTextAndPort),
    FunctionField("udp", kByTextAndPort),
};
constexpr Field kRegistry[] = {FunctionField("key_access", kByText)};
constexpr Field kFilesystem[] = {FunctionField("file_access", kByText)};
constexpr Field kSync[] = {FunctionField("mutex", kByText)};

constexpr Field kFields[] = {
    StructField("network", kNetwork),
    StructField("registry", kRegistry),
    StructField("filesystem", kFilesystem),
    StructField("sync", kSync),
};

}  // namespace

const Module kCuckooModule = {"cuckoo", kFields, BuildNothing};

}  // namespace vitrine::engine::modules
