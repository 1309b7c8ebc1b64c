// SPDX-License-Identifier: Apache-2.0
#include "base/notify_service.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>

#include "base/unique_fd.h"

namespace vitrine {

void NotifyService(std::string_view state) {
  const char* name = getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (name == nullptr || (name[0] != '/' && name[0] != '@') ||
      strlen(name) >= sizeof address.sun_path) {
    return;
  }
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, name, strlen(name));
  if (name[0] == '@') address.sun_path[0] = '\0';  // An abstract name.
  const UniqueFd out(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + strlen(name));
  static_cast<void>(sendto(out.get(), state.data(), state.size(), MSG_NOSIGNAL,
                           reinterpret_cast<const sockaddr*>(&address), size));
}

}  // namespace vitrine
