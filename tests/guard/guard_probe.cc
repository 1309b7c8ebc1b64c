// SPDX-License-Identifier: Apache-2.0
// Writes a file in one of many ways, or tries to get at one, for the guard's
// tests; says in one word what came of it.
//
// usage: guard_probe write METHOD SAMPLE FILE
//          METHOD: plain rename link tmpfile mmap splice copy_file_range
//                  sendfile truncate io_uring
//        guard_probe open|map|execute|uring FILE
//        guard_probe mapped SAMPLE FILE   opens while the writer's mapping
//        lives guard_probe many COUNT FILE      opens again and again; mean in
//        ns guard_probe slowest SECONDS FILE...   longest open, in ms
//        guard_probe steady SECONDS FILE...   the same, 3 ms apart
//        guard_probe faulty SECONDS FOLDER    the same, each time a new file
//          over which vitrine-scanner-faulty fails in another way
//        guard_probe storm SECONDS COUNT PROCESSES FOLDER   the same, COUNT new
//          files by so many processes at a time
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io_ring.h"

namespace {

using vitrine::UniqueFd;
using vitrine::probe::IoRing;

[[noreturn]] void Fail(const char* what) {
  std::printf("failed %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

void Need(bool good, const char* what) {
  if (!good) Fail(what);
}

std::string ReadAll(const char* path) {
  std::ifstream in(path, std::ios::binary);
  Need(in.good(), path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(int file, const std::string& bytes) {
  Need(write(file, bytes.data(), bytes.size()) ==
           static_cast<ssize_t>(bytes.size()),
       "write");
}

UniqueFd Create(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0755));
  Need(static_cast<bool>(file), "create");
  return file;
}

// A descriptor on the same file system whose contents are the sample, made
// before anything could look into it.
UniqueFd Source(const std::string& path, const std::string& sample) {
  const std::string folder = path.substr(0, path.rfind('/'));
  UniqueFd file(open(folder.c_str(), O_TMPFILE | O_RDWR, 0700));
  if (!file) {
    file = Create(path + ".source");
    unlink((path + ".source").c_str());
  }
  WriteAll(file.get(), sample);
  Need(lseek(file.get(), 0, SEEK_SET) == 0, "lseek");
  return file;
}

void WriteMapped(int file, const std::string& sample) {
  Need(ftruncate(file, static_cast<off_t>(sample.size())) == 0, "ftruncate");
  void* map =
      mmap(nullptr, sample.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  Need(map != MAP_FAILED, "mmap");
  std::memcpy(map, sample.data(), sample.size());
  munmap(map, sample.size());
}

void WriteSpliced(int file, const std::string& sample) {
  int ends[2];
  Need(pipe(ends) == 0, "pipe");
  WriteAll(ends[1], sample);
  close(ends[1]);
  Need(splice(ends[0], nullptr, file, nullptr, sample.size(), 0) ==
           static_cast<ssize_t>(sample.size()),
       "splice");
}

void WriteByRing(int file, const std::string& sample) {
  auto ring = IoRing::Create();
  if (!ring) {
    std::puts("unsupported");
    std::exit(0);
  }
  io_uring_sqe request = {};
  request.opcode = IORING_OP_WRITE;
  request.fd = file;
  request.addr = reinterpret_cast<uint64_t>(sample.data());
  request.len = static_cast<uint32_t>(sample.size());
  Need(ring->Do(request) == static_cast<int>(sample.size()), "io_uring write");
}

void WriteUnnamed(const std::string& path, const std::string& sample) {
  const UniqueFd file = Source(path, sample);
  if (linkat(AT_FDCWD, ("/proc/self/fd/" + std::to_string(file.get())).c_str(),
             AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0) {
    return;
  }
  std::puts("unsupported");
  std::exit(0);
}

int Write(const std::string& method, const char* sample_path,
          const std::string& path) {
  const std::string sample = ReadAll(sample_path);
  if (method == "tmpfile") {
    WriteUnnamed(path, sample);
  } else if (method == "rename" || method == "link") {
    WriteAll(Create(path + ".new").get(), sample);
    if (method == "rename") {
      Need(rename((path + ".new").c_str(), path.c_str()) == 0, "rename");
    } else {
      Need(link((path + ".new").c_str(), path.c_str()) == 0, "link");
    }
  } else {
    const UniqueFd file = Create(path);
    const auto size = static_cast<ssize_t>(sample.size());
    if (method == "plain") WriteAll(file.get(), sample);
    if (method == "truncate") {
      WriteAll(file.get(), sample + "trailing bytes");
      Need(ftruncate(file.get(), size) == 0, "ftruncate");
    }
    if (method == "mmap") WriteMapped(file.get(), sample);
    if (method == "splice") WriteSpliced(file.get(), sample);
    if (method == "io_uring") WriteByRing(file.get(), sample);
    if (method == "copy_file_range") {
      const UniqueFd from = Source(path, sample);
      Need(copy_file_range(from.get(), nullptr, file.get(), nullptr,
                           sample.size(), 0) == size,
           "copy_file_range");
    }
    if (method == "sendfile") {
      const UniqueFd from = Source(path, sample);
      Need(sendfile(file.get(), from.get(), nullptr, sample.size()) == size,
           "sendfile");
    }
  }
  std::puts("written");
  return 0;
}

int Say(bool good) {
  std::puts(good             ? "allowed"
            : errno == EPERM ? "denied"
                             : std::strerror(errno));
  return 0;
}

int Map(const char* path) {
  const UniqueFd file(open(path, O_RDONLY));
  if (!file) return Say(false);
  return Say(mmap(nullptr, 1, PROT_READ, MAP_PRIVATE, file.get(), 0) !=
             MAP_FAILED);
}

int Execute(const char* path) {
  const pid_t child = fork();
  if (child == 0) {
    execl(path, path, nullptr);
    _exit(errno == EPERM ? 101 : 102);
  }
  int status = 0;
  waitpid(child, &status, 0);
  const int code = WEXITSTATUS(status);
  std::puts(code == 101   ? "denied"
            : code == 102 ? "not executable"
                          : "allowed");
  return 0;
}

int OpenByRing(const char* path) {
  auto ring = IoRing::Create();
  if (!ring) {
    std::puts("unsupported");
    return 0;
  }
  io_uring_sqe request = {};
  request.opcode = IORING_OP_OPENAT;
  request.fd = AT_FDCWD;
  request.addr = reinterpret_cast<uint64_t>(path);
  request.open_flags = O_RDONLY;
  const int result = ring->Do(request);
  errno = -result;
  return Say(result >= 0);
}

// The file is known and clean; now it is written through a mapping whose
// descriptor is closed, and opened by somebody else before and after the end of
// the mapping.
int Mapped(const char* sample_path, const char* path) {
  const std::string sample = ReadAll(sample_path);
  UniqueFd file(open(path, O_RDWR));
  Need(static_cast<bool>(file), "open");
  void* map = mmap(nullptr, sample.size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                   file.get(), 0);
  Need(map != MAP_FAILED, "mmap");
  file.Reset();
  std::memcpy(map, sample.data(), sample.size());
  const auto another = [&] {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      Say(open(path, O_RDONLY) >= 0);
      std::fflush(stdout);
      _exit(0);
    }
    waitpid(child, nullptr, 0);
  };
  another();
  munmap(map, sample.size());
  another();
  return 0;
}

int64_t Now() {
  return std::chrono::steady_clock::now().time_since_epoch() /
         std::chrono::nanoseconds(1);
}

int Many(long count, const char* path) {
  const int64_t begun = Now();
  for (long i = 0; i < count; ++i) {
    const UniqueFd file(open(path, O_RDONLY));
    Need(static_cast<bool>(file), "open");
  }
  std::printf("%lld\n", static_cast<long long>((Now() - begun) / count));
  return 0;
}

int Each(int count, char** paths) {
  std::vector<int64_t> times;
  for (int i = 0; i < count; ++i) {
    const int64_t begun = Now();
    const UniqueFd file(open(paths[i], O_RDONLY));
    times.push_back(Now() - begun);
    Need(static_cast<bool>(file), "open");
  }
  std::sort(times.begin(), times.end());
  std::printf("%lld %lld\n", static_cast<long long>(times[times.size() / 2]),
              static_cast<long long>(times[times.size() * 99 / 100]));
  return 0;
}

// Opens, and how long they took and ended.
struct Opens {
  int64_t slowest = 0;
  long opens = 0;
  long denied = 0;

  void Open(const char* path) {
    const int64_t begun = Now();
    const UniqueFd file(open(path, O_RDONLY));
    denied += !file;
    slowest = std::max(slowest, Now() - begun);
    ++opens;
  }
  int Say() const {
    std::printf("%lld %ld %ld\n", static_cast<long long>(slowest / 1000000),
                opens, denied);
    return 0;
  }
};

int64_t After(const char* seconds) {
  return Now() + std::atol(seconds) * 1000000000;
}

int Slowest(int64_t end, useconds_t pause, int count, char** paths) {
  Opens opens;
  while (Now() < end) {
    opens.Open(paths[opens.opens % count]);
    if (pause > 0) usleep(pause);
  }
  return opens.Say();
}

int Faulty(int64_t end, const std::string& folder) {
  const char* words[] = {"crash", "hang", "exit", "garbage", "hoard", "spin"};
  Opens opens;
  while (Now() < end) {
    const std::string path = folder + "/" + std::to_string(opens.opens);
    const UniqueFd file(open(path.c_str(), O_WRONLY | O_CREAT, 0600));
    if (!file) continue;  // That open is a question too.
    WriteAll(file.get(), std::string("FAULT:") +
                             words[opens.opens % std::size(words)] + "\n" +
                             std::to_string(Now()));
    opens.Open(path.c_str());
    unlink(path.c_str());
    usleep(200000);
  }
  return opens.Say();
}

int Storm(int64_t end, int count, int processes, const std::string& folder) {
  const auto name = [&](int i) { return folder + "/" + std::to_string(i); };
  for (int i = 0; i < count && Now() < end; ++i) {
    const UniqueFd file(open(name(i).c_str(), O_WRONLY | O_CREAT, 0600));
    if (file) WriteAll(file.get(), "clean " + std::to_string(Now()));
  }
  void* const memory =
      mmap(nullptr, static_cast<size_t>(processes) * sizeof(Opens),
           PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Need(memory != MAP_FAILED, "mmap");
  auto* const all = static_cast<Opens*>(memory);
  for (int p = 0; p < processes; ++p) {
    if (fork() != 0) continue;
    for (int i = p; i < count && Now() < end; i += processes) {
      all[p].Open(name(i).c_str());
    }
    _exit(0);
  }
  while (wait(nullptr) > 0) continue;
  Opens sum;
  for (int p = 0; p < processes; ++p) {
    sum.slowest = std::max(sum.slowest, all[p].slowest);
    sum.opens += all[p].opens;
    sum.denied += all[p].denied;
  }
  for (int i = 0; i < count; ++i) unlink(name(i).c_str());
  return sum.Say();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[1] : "";
  if (what == "write" && argc == 5) return Write(argv[2], argv[3], argv[4]);
  if (what == "open") return Say(open(argv[2], O_RDONLY) >= 0);
  if (what == "map") return Map(argv[2]);
  if (what == "execute") return Execute(argv[2]);
  if (what == "uring") return OpenByRing(argv[2]);
  if (what == "mapped" && argc == 4) return Mapped(argv[2], argv[3]);
  if (what == "many" && argc == 4) return Many(std::atol(argv[2]), argv[3]);
  if (what == "each") return Each(argc - 2, argv + 2);
  if (what == "slowest" && argc > 3) {
    return Slowest(After(argv[2]), 0, argc - 3, argv + 3);
  }
  if (what == "steady" && argc > 3) {
    return Slowest(After(argv[2]), 3000, argc - 3, argv + 3);
  }
  if (what == "faulty" && argc == 4) return Faulty(After(argv[2]), argv[3]);
  if (what == "storm" && argc == 6) {
    return Storm(After(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]),
                 argv[5]);
  }
  return 2;
}
