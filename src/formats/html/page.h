// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "formats/html/entity.h"
#include "formats/html/html.h"

namespace vitrine::html {

// Walks over a page once and writes its views as it goes. clamscan's rules,
// where they differ from HTML's, were taken from its temporary files.
class Page {
 public:
  Page(Bytes page, const Limits& limits) : page_(page), limits_(limits) {}

  Views Read() &&;

 private:
  struct Attribute {
    std::string name;
    std::string value;
    bool has_value = false;
  };

  bool AtEnd() const { return at_ >= page_.size(); }
  void SkipBlanks();

  void ReadText();
  void ReadPlain();
  void ReadDeclaration();
  void ReadTag();
  // The tag's name and its slash, as far as the first blank.
  std::string ReadTagName();
  void ReadAttributes(const std::string& tag);
  void ReadQuoted(Attribute& attribute, uint8_t quote);
  void ReadUnquoted(Attribute& attribute);
  void Finish(Attribute& attribute, const std::string& tag);
  // What a script or a style sheet holds, up to its end tag.
  void ReadRaw(const std::string& tag);
  size_t FindEndTag(const std::string& tag) const;

  void Emit(uint8_t byte) { views_.nocomment.push_back(byte); }
  void EmitReference(const Reference& reference);
  // If it is a data: URL, keeps what it holds.
  bool KeepData(std::string_view url);
  void KeepStyleData(std::string_view style);
  void AppendValue(Attribute& attribute, std::string_view text);
  // Characters of a value: also of what a link's target is made of.
  void EmitValue(Attribute& attribute, const Reference& text);
  // One byte or one character reference.
  void ReadValueCharacter(Attribute& attribute);
  void NotagsBlank();
  void Notags(uint8_t byte);
  void LinkText(std::string_view text);
  void CloseLink();

  Bytes page_;
  Limits limits_;
  Views views_;
  size_t at_ = 0;
  bool skip_blanks_ = false;  // A tag has just ended.
  bool tag_open_ = false;     // Of the tag being read.
  std::string target_;        // Of the link that is open.
  bool in_link_ = false;
  std::string link_text_;
  ByteVector script_;  // Of all scripts, as written.
};

}  // namespace vitrine::html
