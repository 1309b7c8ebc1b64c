// SPDX-License-Identifier: Apache-2.0
#include "config/config.h"

namespace vitrine::config {

std::vector<Mask> LastingMounts() {
  std::vector<Mask> masks;
  for (const char* text : {"/", "/home", "/opt", "/srv", "/tmp", "/usr",
                           "/usr/*", "/var", "/var/*"}) {
    masks.push_back(Mask::Parse(text).value());
  }
  return masks;
}

}  // namespace vitrine::config
