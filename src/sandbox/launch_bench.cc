// SPDX-License-Identifier: Apache-2.0
// How long a caged process takes to be ready, and to be gone: the price of a
// crash or a time-out.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 500;

void Print(const char* what, std::vector<double>& microseconds) {
  std::sort(microseconds.begin(), microseconds.end());
  const auto at = [&](double part) {
    return microseconds[static_cast<size_t>(
        part * static_cast<double>(microseconds.size() - 1))];
  };
  std::printf("%-24s p50 %6.0f us  p90 %6.0f us  p99 %6.0f us\n", what, at(0.5),
              at(0.9), at(0.99));
}

double Since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start)
      .count();
}

int Measure() {
  std::vector<double> executed;
  std::vector<double> ready;
  std::vector<double> gone;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = Clock::now();
    Result<Caged> caged = LaunchTestcase({"wait"});
    if (!caged.ok()) {
      std::fprintf(stderr, "%s\n", caged.error().message.c_str());
      return 1;
    }
    executed.push_back(Since(start));
    if (Receive(caged.value().channel.get()).empty()) return 1;
    ready.push_back(Since(start));
    const auto killed = Clock::now();
    caged.value().sandboxee.Kill();
    if (!caged.value().sandboxee.Wait(std::chrono::seconds(5)).ok()) return 1;
    gone.push_back(Since(killed));
  }
  Print("launched", executed);
  Print("launched and confined", ready);
  Print("killed and reaped", gone);
  return 0;
}

}  // namespace
}  // namespace vitrine::sandbox

int main() { return vitrine::sandbox::Measure(); }
