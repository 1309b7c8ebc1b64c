// SPDX-License-Identifier: Apache-2.0
// Writes the samples of `make run`.
// usage: make_demo FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "make_demo/containers.h"
#include "make_demo/samples.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  using namespace vitrine::samples;  // NOLINT(google-build-using-namespace)
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  const std::string parcel =
      Gzip(Tar({{"parcel.zip",
                 Zip({{"letter.txt", Letter()}, {"eicar.com", Eicar()}})}}));
  const Member files[] = {{"hello.elf", CleanElf()},
                          {"invoice.ps1", Downloader()},
                          {"letter.txt", Letter()},
                          {"parcel.tar.gz", parcel},
                          {"pictures.php", WebShell()}};
  for (const Member& file : files) {
    std::ofstream out(folder / file.name, std::ios::binary);
    out << file.bytes;
    if (!out.flush()) {
      std::fprintf(stderr, "%s: cannot be written\n", file.name.c_str());
      return 2;
    }
  }
  return 0;
}
