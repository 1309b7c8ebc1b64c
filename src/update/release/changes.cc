// SPDX-License-Identifier: Apache-2.0
#include "update/release/changes.h"

#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kFirstLine = "vitrine/changes/v1";
constexpr std::string_view kHow[] = {"+", "-", "~"};
constexpr std::string_view kWhat[] = {"rule", "hash", "allow", "other", "file"};

bool IsLine(std::string_view text, size_t most) {
  return !text.empty() && text.size() <= most && text.front() != ' ' &&
         text.back() != ' ' && Printable(text) == text;
}

bool IsWord(std::string_view text, size_t most) {
  return IsLine(text, most) && text.find(' ') == text.npos;
}

// Cut to `most` bytes, not within a character.
std::string Cut(std::string text, size_t most) {
  if (text.size() <= most) return text;
  text.resize(most);
  while (!IsUtf8(text)) text.pop_back();
  return text;
}

std::string SummaryText(const Leaf::Summary& summary) {
  return "summary +" + std::to_string(summary.added) + " -" +
         std::to_string(summary.removed) + " ~" +
         std::to_string(summary.changed) + " allow+" +
         std::to_string(summary.allowed);
}

template <typename Enum, size_t kSize>
bool Word(std::string_view text, const std::string_view (&words)[kSize],
          Enum& out) {
  for (size_t i = 0; i < kSize; ++i) {
    if (words[i] != text) continue;
    out = static_cast<Enum>(i);
    return true;
  }
  return false;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<ChangeList> Run() {
    TRY(Head());
    while (!lines_.AtEnd()) TRY(Group());
    if (SummaryText(Summarise(list_)) != summary_) {
      return Here("the summary is not what the list adds up to");
    }
    return std::move(list_);
  }

 private:
  Error Here(const std::string& what) const {
    return {Code::kInvalid,
            "change list, line " + std::to_string(lines_.line()) + ": " + what};
  }

  Status Head() {
    if (lines_.TakeLine() != kFirstLine) return Here("not a change list");
    const auto channel = lines_.Take("channel");
    if (!channel || !IsRoleName(*channel)) return Here("no channel follows");
    list_.channel = *channel;
    const auto version = lines_.Take("version");
    const auto number = CanonicalNumber(version.value_or(""), kNumberMax);
    if (!number || *number == 0) return Here("no version follows");
    list_.version = *number;
    const auto from = lines_.Take("from");
    if (from != "-") {
      list_.from = CanonicalNumber(from.value_or(""), kNumberMax);
      if (!list_.from || *list_.from == 0) return Here("no from follows");
    }
    summary_ = lines_.TakeLine().value_or("");
    return Ok();
  }

  Status Group() {
    if (lines_.TakeLine() != "") return Here("not a change");
    ChangeGroup group;
    TRY(Text("author", kAuthorMax, group.author));
    TRY(Text("licence", kAuthorMax, group.licence));
    TRY(Text("reason", kReasonMax, group.reason));
    for (;;) {
      Change change;
      std::optional<std::string_view> line;
      for (size_t i = 0; i < std::size(kHow) && !line; ++i) {
        line = lines_.Take(kHow[i]);
        change.how = static_cast<Change::How>(i);
      }
      if (!line) break;
      TRY(Entry(*line, change));
      group.changes.push_back(std::move(change));
    }
    if (group.changes.empty()) return Here("a group without changes");
    list_.groups.push_back(std::move(group));
    return Ok();
  }

  Status Text(std::string_view word, size_t most, std::string& out) {
    const auto text = lines_.Take(word);
    if (!text || !IsLine(*text, most)) {
      return Here("no " + std::string(word) + " follows");
    }
    out = *text;
    return Ok();
  }

  Status Entry(std::string_view line, Change& change) {
    if (++entries_ > kChangesMax) {
      return Error{Code::kLimit, "change list: too many changes"};
    }
    const auto fields = Split(line, ' ');
    if (fields.size() != 3 || !Word(fields[0], kWhat, change.what) ||
        !IsWord(fields[1], kTargetPathMax) ||
        !IsWord(fields[2], kRuleNameMax)) {
      return Here("not a change");
    }
    change.file = fields[1];
    change.name = fields[2];
    if (change.what == Change::What::kFile &&
        (change.how != Change::How::kAdded || list_.from ||
         !CanonicalNumber(change.name, kChangesMax))) {
      return Here("not a count of a first release");
    }
    return Ok();
  }

  LineReader lines_;
  ChangeList list_;
  std::string_view summary_;
  size_t entries_ = 0;
};

}  // namespace

Leaf::Summary Summarise(const ChangeList& list) {
  Leaf::Summary summary;
  for (const ChangeGroup& group : list.groups) {
    for (const Change& change : group.changes) {
      if (change.what == Change::What::kFile) {
        summary.added += ParseDecimal(change.name).value_or(0);
        continue;
      }
      switch (change.how) {
        case Change::How::kAdded:
          ++summary.added;
          if (change.what == Change::What::kAllow) ++summary.allowed;
          break;
        case Change::How::kRemoved:
          ++summary.removed;
          break;
        case Change::How::kChanged:
          ++summary.changed;
          break;
      }
    }
  }
  return summary;
}

Result<ChangeList> ParseChanges(std::string_view text) {
  if (text.size() > kChangesSizeMax) {
    return Error{Code::kLimit, "change list: too large"};
  }
  return Parser(text).Run();
}

Result<std::string> FormatChanges(const ChangeList& list) {
  std::string out(kFirstLine);
  out += "\nchannel " + list.channel + "\nversion " +
         std::to_string(list.version) + "\nfrom " +
         (list.from ? std::to_string(*list.from) : "-") + "\n" +
         SummaryText(Summarise(list)) + "\n";
  for (const ChangeGroup& group : list.groups) {
    out += "\nauthor " + group.author + "\nlicence " + group.licence +
           "\nreason " + group.reason + "\n";
    for (const Change& change : group.changes) {
      out += kHow[static_cast<size_t>(change.how)];
      out += ' ';
      out += kWhat[static_cast<size_t>(change.what)];
      out += ' ';
      out += change.file;
      out += ' ';
      out += change.name;
      out += '\n';
    }
  }
  const ChangeList read = TRY(ParseChanges(out));
  if (read != list) {
    return Error{Code::kInvalid, "change list: cannot be written"};
  }
  return out;
}

std::string SingleLine(std::string_view text, size_t most) {
  const std::string line = Cut(Printable(Trim(text)), most);
  return std::string(Trim(line));
}

std::string SingleWord(std::string_view text, size_t most) {
  std::string out;
  for (const char c : Printable(text.substr(0, most))) {
    if (c == ' ') {
      out += "\\x20";
    } else {
      out += c;
    }
  }
  return Cut(std::move(out), most);
}

}  // namespace vitrine::update
