// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/own_program.h"
#include "guard/service.h"

namespace vitrine::guard {
namespace {

// The files that this program runs from.
std::vector<std::string> LoadedFiles() {
  std::vector<std::string> files;
  std::ifstream maps("/proc/self/maps");
  std::string line;
  while (std::getline(maps, line)) {
    const size_t at = line.find('/');
    if (at == std::string::npos) continue;
    std::string file = line.substr(at);
    if (std::find(files.begin(), files.end(), file) == files.end()) {
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace

std::string ScannerProgram() { return FindOurProgram("vitrine-scanner"); }
std::string TaskerProgram() { return FindOurProgram("vitrine-tasker"); }

std::vector<std::string> OwnPlaces(const config::Paths& paths,
                                   const std::string& scanner) {
  std::vector<std::string> places = {paths.Etc(),
                                     paths.State(),
                                     paths.Run(),
                                     paths.State() + "/database",
                                     paths.Quarantine(),
                                     paths.EventSpool(),
                                     paths.Tasks(),
                                     paths.EventSpool() + "/tasker",
                                     scanner,
                                     paths.EventSpool() + "/guard"};
  places.push_back("/etc/ld.so.cache");
  for (std::string& file : LoadedFiles()) places.push_back(std::move(file));
  return places;
}

Status MakeFolders(const config::Paths& paths) {
  for (const std::string& whole : {paths.Etc(), paths.State() + "/database",
                                   paths.EventSpool(), paths.Run()}) {
    for (size_t at = paths.root().size() + 1; at != std::string::npos;) {
      at = whole.find('/', at);
      const std::string part = whole.substr(0, at);
      if (mkdir(part.c_str(), 0755) != 0 && errno != EEXIST) {
        return Error{Code::kDenied, part + ": " + std::strerror(errno)};
      }
      if (at != std::string::npos) ++at;
    }
  }
  // Before it is excluded from questions; quarantine::Store checks it.
  if (mkdir(paths.Quarantine().c_str(), 0700) != 0 && errno != EEXIST) {
    return Error{Code::kDenied,
                 paths.Quarantine() + ": " + std::strerror(errno)};
  }
  return Ok();
}

}  // namespace vitrine::guard
