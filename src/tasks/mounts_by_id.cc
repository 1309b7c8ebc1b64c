// SPDX-License-Identifier: Apache-2.0
#include "tasks/mounts_by_id.h"

#include <string>
#include <utility>

#include "base/read_file.h"
#include "mounts/limits.h"
#include "tasks/fingerprint.h"
#include "tasks/media.h"

namespace vitrine::tasks {

Result<std::vector<mounts::Mount>> ReadMounts() {
  const std::string text =
      TRY(ReadTextFile("/proc/self/mountinfo", mounts::kMountTableBytes));
  size_t odd = 0;
  return mounts::ParseMounts(text, odd);
}

const MountsById::Known* MountsById::Look(uint64_t id) {
  auto known = known_.find(id);
  if (known == known_.end()) {
    auto table = ReadMounts();
    if (!table.ok()) return nullptr;
    known_.clear();
    for (mounts::Mount& mount : table.value()) {
      const bool keeps =
          tasks::KeepsTimes(std::string_view(mount.type)) && !IsMedium(mount);
      const uint64_t key = mount.id;
      known_.emplace(key, Known{std::move(mount), keeps});
    }
    known = known_.find(id);
  }
  return known == known_.end() ? nullptr : &known->second;
}

const mounts::Mount* MountsById::Find(uint64_t id) {
  const Known* known = Look(id);
  return known == nullptr ? nullptr : &known->mount;
}

bool MountsById::KeepsTimes(uint64_t id) {
  const Known* known = Look(id);
  return known != nullptr && known->keeps_times;
}

}  // namespace vitrine::tasks
