// SPDX-License-Identifier: Apache-2.0
#include "formats/html/page.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "formats/html/data_url.h"
#include "formats/html/entity.h"
#include "formats/html/limits.h"
#include "formats/html/script.h"

namespace vitrine::html {
namespace {

constexpr std::string_view kDataScheme = "data:";

// Carriage returns and NULs are nowhere.
bool IsNothing(uint8_t c) { return c == 0 || c == '\r'; }

bool IsBlank(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\v' || c == '\f';
}

// Characters of a text that stand for themselves in every view.
constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> is_plain = {};
  for (size_t c = 0x21; c < 256; ++c) is_plain[c] = c != '<' && c != '&';
  return is_plain;
}();

}  // namespace

Views Page::Read() && {
  if (limits_.input_max != 0 && page_.size() > limits_.input_max) {
    page_ = page_.first(limits_.input_max);
    views_.cut = true;
  }
  while (!AtEnd()) {
    if (page_[at_] == '<') {
      ReadTag();
    } else {
      ReadText();
    }
  }
  NotagsBlank();
  CloseLink();
  return std::move(views_);
}

void Page::SkipBlanks() {
  while (!AtEnd() && (IsBlank(page_[at_]) || IsNothing(page_[at_]))) ++at_;
}

void Page::NotagsBlank() {
  if (views_.notags.empty() || views_.notags.back() != ' ') Notags(' ');
}

void Page::Notags(uint8_t byte) {
  if (limits_.notags_max != 0 && views_.notags.size() >= limits_.notags_max) {
    views_.cut = true;
    return;
  }
  views_.notags.push_back(byte);
}

void Page::EmitReference(const Reference& reference) {
  for (const char c : reference.plain) {
    const auto byte = static_cast<uint8_t>(c);
    Emit(reference.folds ? ToLower(byte) : byte);
  }
}

void Page::LinkText(std::string_view text) {
  if (!in_link_ || link_text_.size() >= kLinkTextMax) return;
  link_text_ += text;
}

void Page::CloseLink() {
  if (!std::exchange(in_link_, false)) return;
  if (views_.links.size() >= kLinksMax) {
    views_.cut = true;
    return;
  }
  views_.links.push_back({std::move(target_), std::string(Trim(link_text_))});
  target_.clear();
  link_text_.clear();
}

// One character of text between tags, or one run of blanks.
void Page::ReadText() {
  const uint8_t c = page_[at_];
  if (IsNothing(c)) {
    ++at_;
    return;
  }
  if (IsBlank(c)) {
    SkipBlanks();
    NotagsBlank();
    if (!link_text_.ends_with(' ')) LinkText(" ");
    if (!skip_blanks_) Emit(' ');
    return;
  }
  skip_blanks_ = false;
  if (c == '&') {
    const Reference reference = ReadReference(page_.subspan(at_));
    at_ += reference.size;
    EmitReference(reference);
    LinkText(reference.plain);
    NotagsBlank();
    return;
  }
  if (c < 0x20) {
    ++at_;
    Emit(c);
    const auto raw = static_cast<char>(c);
    LinkText({&raw, 1});
    NotagsBlank();
    return;
  }
  ReadPlain();
}

// At least one character that is plain.
void Page::ReadPlain() {
  size_t end = at_;
  while (end < page_.size() && kIsPlain[page_[end]]) ++end;
  const Bytes run = page_.subspan(at_, end - at_);
  at_ = end;
  const size_t start = views_.nocomment.size();
  views_.nocomment.resize(start + run.size());
  uint8_t* const lower = views_.nocomment.data() + start;
  for (size_t i = 0; i < run.size(); ++i) lower[i] = ToLower(run[i]);

  size_t room = run.size();
  if (limits_.notags_max != 0) {
    const uint64_t used = views_.notags.size();
    const uint64_t left =
        used < limits_.notags_max ? limits_.notags_max - used : 0;
    if (left < room) {
      room = left;
      views_.cut = true;
    }
  }
  views_.notags.insert(views_.notags.end(), lower, lower + room);
  if (in_link_ && link_text_.size() < kLinkTextMax) {
    link_text_ += AsText(run).substr(0, kLinkTextMax - link_text_.size());
  }
}

// <!...>: gone, comments too, up to the first angle.
void Page::ReadDeclaration() {
  while (!AtEnd() && page_[at_] != '>') ++at_;
  if (!AtEnd()) ++at_;
}

void Page::ReadTag() {
  ++at_;
  SkipBlanks();
  NotagsBlank();
  skip_blanks_ = true;
  if (!AtEnd() && page_[at_] == '!') return ReadDeclaration();
  Emit('<');
  const std::string tag = ReadTagName();
  if (tag == "a" || tag == "/a") CloseLink();
  tag_open_ = true;
  while (tag_open_ && !AtEnd()) ReadAttributes(tag);
  if (tag == "script" || tag == "style") ReadRaw(tag);
}

std::string Page::ReadTagName() {
  std::string tag;
  while (!AtEnd()) {
    const uint8_t c = page_[at_];
    if (IsBlank(c) || c == '>' || (c == '/' && !tag.empty())) break;
    ++at_;
    if (IsNothing(c)) continue;
    Emit(ToLower(c));
    if (tag.size() <= kNameMax) tag += static_cast<char>(ToLower(c));
  }
  return tag;
}

// One attribute, or the tag's end.
void Page::ReadAttributes(const std::string& tag) {
  bool blank = false;
  Attribute attribute;
  while (!AtEnd()) {
    const uint8_t c = page_[at_];
    if (IsBlank(c) || IsNothing(c)) {
      blank = blank || IsBlank(c);
      ++at_;
      continue;
    }
    if (c == '>') {
      ++at_;
      Emit('>');
      tag_open_ = false;
      return;
    }
    if (c == '=') {
      ++at_;
      Emit('=');
      SkipBlanks();
      attribute.has_value = true;
      if (AtEnd()) return;
      const uint8_t first = page_[at_];
      if (first == '"' || first == '\'') {
        ReadQuoted(attribute, first);
      } else {
        ReadUnquoted(attribute);
      }
      Finish(attribute, tag);
      return;
    }
    if (std::exchange(blank, false)) {
      Emit(' ');
      attribute.name.clear();
    }
    ++at_;
    Emit(ToLower(c));
    if (attribute.name.size() <= kNameMax) {
      attribute.name += static_cast<char>(ToLower(c));
    }
  }
}

void Page::AppendValue(Attribute& attribute, std::string_view text) {
  if (attribute.value.size() < kAddressMax) {
    attribute.value += text;
  } else {
    views_.cut = true;
  }
}

void Page::EmitValue(Attribute& attribute, const Reference& text) {
  AppendValue(attribute, text.plain);
  // What a data: URL holds is looked at by itself.
  if (attribute.value.starts_with(kDataScheme)) return;
  EmitReference(text);
}

void Page::ReadValueCharacter(Attribute& attribute) {
  const uint8_t c = page_[at_];
  if (c == '&') {
    const Reference reference = ReadReference(page_.subspan(at_));
    at_ += reference.size;
    return EmitValue(attribute, reference);
  }
  ++at_;
  if (IsNothing(c)) return;
  const auto raw = static_cast<char>(c);
  AppendValue(attribute, {&raw, 1});
  if (attribute.value.starts_with(kDataScheme)) return;
  Emit(c == '\'' ? '"' : ToLower(c));
}

// To the closing quote; a `>` may stand in the first word, any other ends the
// tag.
void Page::ReadQuoted(Attribute& attribute, uint8_t quote) {
  ++at_;
  Emit('"');
  bool angle = false;
  while (!AtEnd()) {
    const uint8_t c = page_[at_];
    if (c == quote) {
      ++at_;
      Emit('"');
      if (!AtEnd() && page_[at_] != '>' && !IsBlank(page_[at_])) Emit(' ');
      return;
    }
    if (c == '>' && std::exchange(angle, true)) return;
    if (IsBlank(c)) {
      SkipBlanks();
      EmitValue(attribute, {1, " ", false});
      angle = true;
      continue;
    }
    ReadValueCharacter(attribute);
  }
}

void Page::ReadUnquoted(Attribute& attribute) {
  while (!AtEnd()) {
    const uint8_t c = page_[at_];
    if (IsBlank(c) || c == '>') return;
    ReadValueCharacter(attribute);
  }
}

bool Page::KeepData(std::string_view url) {
  auto data = ReadDataUrl(url);
  if (!data) return false;
  if (views_.data.size() >= kDataUrlsMax) {
    views_.cut = true;
  } else {
    views_.data.push_back(std::move(*data));
  }
  return true;
}

void Page::Finish(Attribute& attribute, const std::string& tag) {
  if (KeepData(attribute.value)) return;
  const bool is_link = tag == "a" && attribute.name == "href";
  if (!is_link && !(tag == "img" && attribute.name == "src")) return;
  NotagsBlank();
  for (const char c : attribute.value) Notags(static_cast<uint8_t>(c));
  NotagsBlank();
  if (!is_link) return;
  CloseLink();
  in_link_ = true;
  target_ = std::move(attribute.value);
}

size_t Page::FindEndTag(const std::string& tag) const {
  for (size_t i = at_; i < page_.size(); ++i) {
    if (page_[i] != '<') continue;
    size_t j = i + 1;
    while (j < page_.size() && IsBlank(page_[j])) ++j;
    if (j >= page_.size() || page_[j] != '/') continue;
    ++j;
    while (j < page_.size() && IsBlank(page_[j])) ++j;
    const Bytes name = Clip(page_, j, tag.size());
    if (name.size() == tag.size() && ToLowerText(AsText(name)) == tag) {
      return i;
    }
  }
  return page_.size();
}

// url(data:...) in a style sheet, quoted or not.
void Page::KeepStyleData(std::string_view style) {
  constexpr std::string_view kUrl = "url(";
  size_t at = 0;
  while ((at = style.find(kUrl, at)) != std::string_view::npos) {
    at += kUrl.size();
    const size_t end = std::min(style.find(')', at), style.size());
    std::string_view url = Trim(style.substr(at, end - at));
    if (!url.empty() && (url[0] == '"' || url[0] == '\'')) {
      url = url.substr(1, url.find(url[0], 1) - 1);
    }
    KeepData(url);
    at = end;
  }
}

// No blank is kept. A script goes to its own view too.
void Page::ReadRaw(const std::string& tag) {
  const size_t end = FindEndTag(tag);
  const Bytes raw = page_.subspan(at_, end - at_);
  while (at_ < end) {
    const uint8_t c = page_[at_];
    if (c == '&') {
      const Reference reference = ReadReference(page_.first(end).subspan(at_));
      at_ += reference.size;
      EmitReference(reference);
      continue;
    }
    ++at_;
    if (!IsBlank(c) && !IsNothing(c)) Emit(c == '\'' ? '"' : ToLower(c));
  }
  if (tag == "style") KeepStyleData(AsText(raw));
  if (tag != "script") return;
  if (!views_.script.empty()) views_.script.push_back('\n');
  if (!AppendScript(raw, limits_.script_max, views_.script)) views_.cut = true;
}

Views Normalise(Bytes page, const Limits& limits) {
  return Page(page, limits).Read();
}

}  // namespace vitrine::html
