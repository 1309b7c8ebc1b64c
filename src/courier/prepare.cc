// SPDX-License-Identifier: Apache-2.0
#include "courier/prepare.h"

#include <dlfcn.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "base/system_error.h"
#include "base/text.h"
#include "sandbox/layers.h"

namespace vitrine::courier {
namespace {

constexpr const char* kUser = "_vitrine-courier";
constexpr uid_t kNobody = 65534;
constexpr size_t kServicesMax = 16;
constexpr size_t kServiceNameMax = 32;

struct Identity {
  uid_t user = kNobody;
  gid_t group = kNobody;
};

Result<Identity> Find(const std::string& name) {
  const passwd* entry = getpwnam(name.empty() ? kUser : name.c_str());
  if (entry != nullptr) return Identity{entry->pw_uid, entry->pw_gid};
  if (name.empty()) return Identity{};
  return Error{Code::kNotFound, "no user " + name};
}

Status MakeFolder(const std::string& folder, const Identity& owner, bool root) {
  if (mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) {
    return SystemError(folder, errno);
  }
  if (root && lchown(folder.c_str(), owner.user, owner.group) != 0) {
    return SystemError(folder, errno);
  }
  return Ok();
}

}  // namespace

Status TakePlace(const config::Paths& paths, const std::string& user) {
  const bool root = geteuid() == 0;
  const Identity self = root ? TRY(Find(user)) : Identity{};
  TRY(MakeFolder(paths.Ledger(), self, root));
  TRY(MakeFolder(paths.Staging(), self, root));
  if (!root) return Ok();
  // While there is the right to: afterwards nothing brings one back. The cage's
  // report says where there was none.
  (void)sandbox::LimitBoundingSet({});
  if (setgroups(0, nullptr) != 0 ||
      setresgid(self.group, self.group, self.group) != 0 ||
      setresuid(self.user, self.user, self.user) != 0) {
    return SystemError("giving up root", errno);
  }
  return Ok();
}

std::vector<std::string> HostServices(std::string_view text) {
  std::vector<std::string> services;
  for (std::string_view line : Split(text, '\n')) {
    line = Trim(line.substr(0, line.find('#')));
    if (!line.starts_with("hosts:")) continue;
    bool action = false;  // "[NOTFOUND=return]", maybe of several words.
    std::istringstream words{std::string(line.substr(6))};
    for (std::string word; words >> word;) {
      if (word.front() == '[') action = true;
      if (!action && services.size() < kServicesMax &&
          word.size() <= kServiceNameMax &&
          std::all_of(word.begin(), word.end(), [](char c) {
            return IsAlnum(static_cast<uint8_t>(c)) || c == '_';
          })) {
        services.push_back(word);
      }
      if (word.back() == ']') action = false;
    }
  }
  return services;
}

void LoadNameServices() {
  std::ostringstream text;
  text << std::ifstream("/etc/nsswitch.conf").rdbuf();
  for (const std::string& service : HostServices(text.str())) {
    // Stays loaded. One that is not there is one the library goes on without.
    dlopen(("libnss_" + service + ".so.2").c_str(), RTLD_NOW);
  }
}

std::vector<sandbox::Place> Places(const config::Paths& paths,
                                   const std::string& authorities) {
  using Use = sandbox::Place::Use;
  std::vector<sandbox::Place> places = {{paths.Ledger(), Use::kWrite},
                                        {paths.Staging(), Use::kWrite}};
  for (const char* path : {"/etc", "/usr/share/ca-certificates",
                           "/usr/local/share/ca-certificates", "/usr/lib/ssl",
                           "/run/systemd/resolve", "/run/resolvconf",
                           "/run/NetworkManager", "/run/nscd"}) {
    if (access(path, R_OK) == 0) places.push_back({path, Use::kRead});
  }
  if (!authorities.empty()) places.push_back({authorities, Use::kRead});
  return places;
}

}  // namespace vitrine::courier
