// SPDX-License-Identifier: Apache-2.0
// Writes one sample to standard output, for scripts.
// usage: make_sample eicar|webshell|downloader|elf|letter
//        make_sample zip|encrypted-zip|tar FILE...
//        make_sample gzip FILE
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "make_demo/containers.h"
#include "make_demo/samples.h"

namespace {

using namespace vitrine::samples;  // NOLINT(google-build-using-namespace)

std::string ReadAll(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::string> Plain(std::string_view kind) {
  if (kind == "eicar") return Eicar();
  if (kind == "webshell") return WebShell();
  if (kind == "downloader") return Downloader();
  if (kind == "elf") return CleanElf();
  if (kind == "letter") return Letter();
  return std::nullopt;
}

std::optional<std::string> Container(std::string_view kind, int count,
                                     char** files) {
  if (kind == "gzip" && count == 1) return Gzip(ReadAll(files[0]));
  std::vector<Member> members;
  for (int i = 0; i < count; ++i) {
    members.push_back({std::filesystem::path(files[i]).filename(),
                       ReadAll(files[i]),
                       kind == "encrypted-zip" ? "letmein" : ""});
  }
  if (kind == "zip" || kind == "encrypted-zip") return Zip(members);
  if (kind == "tar") return Tar(members);
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  auto sample = Plain(argv[1]);
  if (!sample) sample = Container(argv[1], argc - 2, argv + 2);
  if (!sample) return 2;
  std::fwrite(sample->data(), 1, sample->size(), stdout);
  return std::fflush(stdout) == 0 ? 0 : 2;
}
