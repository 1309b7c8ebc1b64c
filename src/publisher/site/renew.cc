// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/renew.h"

#include "publisher/site/ceremony.h"
#include "publisher/site/limits.h"
#include "publisher/site/staging.h"
#include "tuf/repository.h"

namespace vitrine::publisher {

Status Renew(const Places& places, const std::string& role, tuf::Time now) {
  if (role != "root" && role != "targets" && role != "policy") {
    return Error{Code::kInvalid, role + ": root, targets or policy is renewed"};
  }
  auto repository = TRY(tuf::Repository::Open(places.Site(), {}));
  if (repository.root() == nullptr ||
      (role != "root" && repository.targets(role) == nullptr)) {
    return Error{Code::kNotFound, role + ": there is none yet"};
  }
  if (role == "policy") return StagePolicy(places, repository, now);
  const tuf::Time expires = now + kRootDays * kSecondsADay;
  if (role == "root") {
    tuf::Root root = *repository.root();
    ++root.version;
    root.expires = expires;
    return Stage(places.Staging(), role, root.version, WriteRoot(root), {});
  }
  tuf::Targets targets = repository.Draft(role);
  targets.expires = expires;
  return Stage(places.Staging(), role, targets.version, WriteTargets(targets),
               {});
}

}  // namespace vitrine::publisher
