// SPDX-License-Identifier: Apache-2.0
// Times clamd's INSTREAM over a unix socket, a connection a request.
// usage: socket_latency SOCKET FILE REQUESTS same|unique [CLIENTS]
// With `unique` eight bytes at the end differ from request to request, so that
// no cache of verdicts helps either side.
// Prints one line: p50, p90, p99, most, in microseconds, requests a second, and
// the reply.
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

std::string Request(const char* file) {
  std::ifstream in(file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  std::string request("zINSTREAM\0", 10);
  for (const unsigned shift : {24u, 16u, 8u, 0u}) {
    request += static_cast<char>(content.size() >> shift & 0xff);
  }
  return request + content + std::string(4, '\0');
}

// Makes the end of the content one that was not there before.
void Vary(std::string& request, uint64_t number) {
  const size_t at = request.size() - 4 - 8;
  for (size_t i = 0; i < 8; ++i) {
    request[at + i] = static_cast<char>('a' + (number >> 4 * i & 15));
  }
}

// The reply, empty if something went wrong.
std::string Ask(const sockaddr_un& address, const std::string& request) {
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string reply;
  if (connect(client, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) == 0) {
    for (size_t sent = 0; sent < request.size();) {
      const ssize_t size = send(client, request.data() + sent,
                                request.size() - sent, MSG_NOSIGNAL);
      if (size < 0) break;
      sent += static_cast<size_t>(size);
    }
    std::array<char, 4096> buffer;
    for (ssize_t size;
         (size = recv(client, buffer.data(), buffer.size(), 0)) > 0;) {
      reply.append(buffer.data(), static_cast<size_t>(size));
    }
  }
  close(client);
  return reply;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  const std::string request = Request(argv[2]);
  const long requests = std::strtol(argv[3], nullptr, 10);
  const bool unique = strcmp(argv[4], "unique") == 0;
  const long clients = argc > 5 ? std::strtol(argv[5], nullptr, 10) : 1;
  const auto seed =
      static_cast<uint64_t>(Clock::now().time_since_epoch().count());
  std::vector<double> times;
  std::mutex mutex;
  std::string reply = Ask(address, request);
  const Clock::time_point begun = Clock::now();
  std::vector<std::jthread> crew;
  for (long c = 0; c < clients; ++c) {
    crew.emplace_back([&, c] {
      std::vector<double> mine;
      std::string own = request;
      for (long i = 0; i < requests / clients; ++i) {
        if (unique) Vary(own, seed + static_cast<uint64_t>(i * clients + c));
        const Clock::time_point start = Clock::now();
        const std::string answer = Ask(address, own);
        mine.push_back(
            std::chrono::duration<double, std::micro>(Clock::now() - start)
                .count());
        if (answer != reply) {
          std::fprintf(stderr, "answers differ: %s\n", answer.c_str());
          std::exit(1);
        }
      }
      const std::lock_guard<std::mutex> lock(mutex);
      times.insert(times.end(), mine.begin(), mine.end());
    });
  }
  crew.clear();
  const double seconds =
      std::chrono::duration<double>(Clock::now() - begun).count();
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<size_t>(share *
                                     static_cast<double>(times.size() - 1))];
  };
  std::printf("%.1f %.1f %.1f %.1f %.0f %s\n", at(0.5), at(0.9), at(0.99),
              at(1), static_cast<double>(times.size()) / seconds,
              reply.c_str());
}
