// SPDX-License-Identifier: Apache-2.0
// Reads standard input into memory, says where it lies, and waits to be ended:
// a process with something in it that no file shows.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

int main() {
  constexpr size_t kSize = size_t{3} << 20;
  const auto memory = std::make_unique<char[]>(kSize);
  std::memset(memory.get(), 'x', kSize);
  // In the middle of a large block, away from what the library keeps.
  char* const place = memory.get() + kSize / 2;
  const ssize_t got = read(STDIN_FILENO, place, 4096);
  std::printf("%d %p %zd\n", getpid(), static_cast<void*>(place), got);
  std::fflush(stdout);
  for (;;) pause();
}
