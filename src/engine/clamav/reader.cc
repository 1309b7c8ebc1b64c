// SPDX-License-Identifier: Apache-2.0
#include "engine/clamav/reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/clamav/limits.h"
#include "engine/clamav/lines.h"

namespace vitrine::engine::clamav {
namespace {

using LineReader = LineResult (*)(std::string_view line, Context& context);

struct Format {
  Extension extension;
  LineReader reader;
};

constexpr auto kLines = FileKind::kLines;
constexpr auto kUnwanted = FileKind::kUnwanted;
constexpr Format kFormats[] = {
    {{"hdb", kLines, false}, ReadFileHash},
    {{"hsb", kLines, false}, ReadFileHash},
    {{"hdu", kLines, true}, ReadFileHash},
    {{"hsu", kLines, true}, ReadFileHash},
    {{"fp", kLines, false}, ReadAllowedHash},
    {{"sfp", kLines, false}, ReadAllowedHash},
    {{"mdb", kLines, false}, ReadSectionHash},
    {{"msb", kLines, false}, ReadSectionHash},
    {{"mdu", kLines, true}, ReadSectionHash},
    {{"msu", kLines, true}, ReadSectionHash},
    {{"imp", kLines, false}, ReadImportHash},
    {{"ndb", kLines, false}, ReadBody},
    {{"ndu", kLines, true}, ReadBody},
    {{"sdb", kLines, false}, ReadBody},
    {{"db", kLines, false}, ReadPlainBody},
    {{"ldb", kLines, false}, ReadLogical},
    {{"ldu", kLines, true}, ReadLogical},
    {{"cdb", kLines, false}, ReadContainer},
    {{"ftm", kLines, false}, ReadFileType},
    {{"pdb", kLines, false}, ReadPhishing},
    {{"wdb", kLines, false}, ReadPhishingAllow},
    {{"gdb", kLines, false}, ReadUrlHash},
    {{"pwdb", kLines, false}, ReadPassword},
    {{"idb", kLines, false}, ReadIcon},
    {{"crb", kLines, false}, ReadCertificate},
    {{"cfg", kLines, false}, ReadConfig},
    {{"ign", FileKind::kIgnores, false}, ReadIgnored},
    {{"ign2", FileKind::kIgnores, false}, ReadIgnored},
    {{"yar", FileKind::kYara, false}, nullptr},
    {{"yara", FileKind::kYara, false}, nullptr},
    {{"cvd", FileKind::kContainer, false}, nullptr},
    {{"cld", FileKind::kContainer, false}, nullptr},
    {{"cud", FileKind::kContainer, false}, nullptr},
    // Bytecode is not run: clamscan does not load what is not signed either.
    {{"cbc", kUnwanted, false}, nullptr},
    {{"cat", kUnwanted, false}, nullptr},
    {{"info", kUnwanted, false}, nullptr},
    // Of old: archives' metadata. clamscan 1.4 refuses what they hold.
    {{"zmd", kLines, false}, nullptr},
    {{"rmd", kLines, false}, nullptr},
};

const Format& FormatOf(const Extension& extension) {
  return *std::find_if(std::begin(kFormats), std::end(kFormats),
                       [&](const Format& format) {
                         return format.extension.name == extension.name;
                       });
}

// The next line without its end; comments are passed over.
class LineCutter {
 public:
  explicit LineCutter(std::string_view text) : text_(text) {}

  bool Next(std::string_view& line) {
    while (at_ < text_.size()) {
      size_t end = text_.find('\n', at_);
      if (end == std::string_view::npos) end = text_.size();
      line = text_.substr(at_, end - at_);
      at_ = end + 1;
      ++number_;
      if (!line.starts_with('#')) {
        while (line.ends_with('\r')) line.remove_suffix(1);
        // Lines are C strings to clamscan.
        line = line.substr(0, line.find('\0'));
        return true;
      }
    }
    return false;
  }

  uint32_t number() const { return number_; }

 private:
  std::string_view text_;
  size_t at_ = 0;
  uint32_t number_ = 0;
};

// Blank lines are an error everywhere but here.
bool TakesBlankLines(const Extension& extension) {
  return extension.name == "pdb" || extension.name == "wdb";
}

LineResult ReadLine(const Format& format, std::string_view line,
                    Context& context) {
  if (line.empty()) {
    if (TakesBlankLines(format.extension)) return kSkipped;
    return Refuse("blank-line", "blank line");
  }
  if (line.size() > kLineMax) {
    return Refuse("line-too-long", "line longer than 4 MiB");
  }
  if (format.reader == nullptr) {
    return Refuse("obsolete-format", "this kind of database is obsolete");
  }
  return format.reader(line, context);
}

// So that a quarter of a million signatures do not move again and again.
void Reserve(const Extension& extension, std::string_view text,
             ir::Program& program) {
  constexpr size_t kWorthIt = 4096;  // Small files grow as vectors do.
  const auto lines =
      static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines < kWorthIt) return;
  constexpr std::array kHashes = {"hdb", "hsb", "mdb", "msb", "fp", "sfp"};
  if (std::find(kHashes.begin(), kHashes.end(), extension.name) !=
      kHashes.end()) {
    program.hashes.reserve(program.hashes.size() + lines);
  } else if (extension.name == "ldb" || extension.name == "ndb") {
    program.rules.reserve(program.rules.size() + lines);
  }
}

}  // namespace

const Extension* ExtensionOf(std::string_view file_name) {
  const size_t dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string wanted = ToLowerText(file_name.substr(dot + 1));
  for (const Format& format : kFormats) {
    if (format.extension.name == wanted) return &format.extension;
  }
  return nullptr;
}

ReadResult ReadFile(const Extension& extension, std::string_view path,
                    uint32_t file, std::string_view text, bool stop_at_first,
                    ReadState& state, ir::Program& program) {
  const Format& format = FormatOf(extension);
  Reserve(extension, text, program);
  Context context{program,      state.ignored, state.ignored,
                  state.macros, {file, 0},     {}};
  LineCutter lines(text);
  ReadResult result;
  std::string_view line;
  while (lines.Next(line)) {
    context.source.line = lines.number();
    context.line = line;
    LineResult refused = ReadLine(format, line, context);
    if (!refused) {
      ++result.taken;
      continue;
    }
    ++result.refused;
    program.diagnostics.push_back(
        {Severity::kError, refused->code, std::string(path), lines.number(),
         refused->column, std::move(refused->message)});
    if (stop_at_first) break;
  }
  return result;
}

}  // namespace vitrine::engine::clamav
