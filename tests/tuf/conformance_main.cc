// SPDX-License-Identifier: Apache-2.0
// The command line that tuf-conformance drives a client by, over our client
// with all of TUF's key types and without Vitrine's profile. Judges only; the
// product's own way to update is another.
#include <sys/stat.h>
#include <time.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "http/client.h"
#include "http_fetcher.h"
#include "tuf/client.h"
#include "tuf/content.h"
#include "tuf/file_store.h"
#include "tuf/limits.h"
#include "tuf/paths.h"

namespace vitrine::tuf {
namespace {

struct Arguments {
  std::string metadata_dir, metadata_url, target_dir, target_base_url;
  std::vector<std::string> target_names;
  std::vector<std::string> words;  // The command and what follows it.
};

Result<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--")) {
      arguments.words.emplace_back(word);
      continue;
    }
    if (++i == argc) return Error{Code::kInvalid, "an option has no value"};
    if (word == "--metadata-dir") {
      arguments.metadata_dir = argv[i];
    } else if (word == "--metadata-url") {
      arguments.metadata_url = argv[i];
    } else if (word == "--target-dir") {
      arguments.target_dir = argv[i];
    } else if (word == "--target-base-url") {
      arguments.target_base_url = argv[i];
    } else if (word == "--target-name") {
      arguments.target_names.emplace_back(argv[i]);
    } else {
      return Error{Code::kInvalid, "unknown option"};
    }
  }
  if (arguments.words.empty()) return Error{Code::kInvalid, "no command"};
  return arguments;
}

std::string WithSlash(std::string url) {
  if (!url.empty() && !url.ends_with('/')) url += '/';
  return url;
}

// Whether the folder has the target already.
bool IsKept(const std::string& path, const Target& target) {
  const auto length = static_cast<uint64_t>(target.length);
  const auto kept = ReadFile(path, length);
  auto check = ContentCheck::Of(target.length, target.hashes);
  return kept.ok() && check.ok() && check.value().Update(kept.value()).ok() &&
         check.value().Finish().ok();
}

Status Download(Client& client, const std::string& name,
                const std::string& folder) {
  const FoundTarget found = TRY(client.Find(name));
  const std::string path = folder + "/" + Quote(found.path);
  if (IsKept(path, found.target)) return Ok();
  ByteVector content;
  TRY(client.Download(found, [&content](Bytes piece) -> Status {
    content.insert(content.end(), piece.begin(), piece.end());
    return Ok();
  }));
  return WriteFileAtomically(path, content);
}

Status Run(const Arguments& arguments) {
  const std::string& command = arguments.words[0];
  FileStore store(arguments.metadata_dir);
  if (command == "init") {
    if (arguments.words.size() != 2) return Error{Code::kInvalid, "no root"};
    mkdir(arguments.metadata_dir.c_str(), 0777);
    const ByteVector root = TRY(ReadFile(arguments.words[1], kRootSizeMax));
    return store.Save("root.json", root);
  }
  if (command != "refresh" && command != "download") {
    return Error{Code::kInvalid, "unknown command"};
  }
  http::NoSendLog log;
  const auto http = TRY(http::MakeClient({}, log));
  HttpFetcher fetcher(*http, WithSlash(arguments.metadata_url),
                      WithSlash(arguments.target_base_url));
  // From libc, by a call that faketime(1) answers.
  Client client(fetcher, store,
                {time(nullptr), Schemes::kStandard, /*profile=*/false});
  TRY(client.Refresh());
  if (command == "refresh") return Ok();
  for (const std::string& name : arguments.target_names) {
    TRY(Download(client, name, arguments.target_dir));
  }
  return Ok();
}

}  // namespace
}  // namespace vitrine::tuf

int main(int argc, char** argv) {
  const auto arguments = vitrine::tuf::Parse(argc, argv);
  const auto done = arguments.ok() ? vitrine::tuf::Run(arguments.value())
                                   : vitrine::Status(arguments.error());
  if (done.ok()) return 0;
  std::fprintf(stderr, "tuf: %s: %s\n", vitrine::CodeName(done.error().code),
               done.error().message.c_str());
  return 1;
}
