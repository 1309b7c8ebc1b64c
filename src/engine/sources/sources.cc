// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/sources.h"

#include "engine/sources/loader.h"

namespace vitrine::engine::sources {

Loaded Load(const std::vector<std::string>& paths, const LoadOptions& options) {
  Loader loader(options);
  for (const std::string& path : paths) {
    if (!loader.Add(path)) break;
  }
  return loader.Finish();
}

}  // namespace vitrine::engine::sources
