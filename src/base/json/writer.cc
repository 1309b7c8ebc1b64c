// SPDX-License-Identifier: Apache-2.0
#include "base/json/writer.h"

#include "base/json_writer.h"

namespace vitrine::json {
namespace {

void WriteTo(const Value& value, JsonWriter& out) {
  if (const Object* object = value.object()) {
    out.BeginObject();
    for (const Member& member : *object) {
      out.Key(member.key);
      WriteTo(member.value, out);
    }
    out.EndObject();
  } else if (const Array* array = value.array()) {
    out.BeginArray();
    for (const Value& element : *array) WriteTo(element, out);
    out.EndArray();
  } else if (const std::string* text = value.text()) {
    out.String(*text);
  } else if (const int64_t* integer = value.integer()) {
    out.Number(*integer);
  } else if (const bool* boolean = value.boolean()) {
    out.Bool(*boolean);
  } else {
    out.Null();
  }
}

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void AppendCanonical(std::string& out, const Value& value) {
  if (const Object* object = value.object()) {
    char separator = '{';
    for (const Member& member : *object) {
      out += std::exchange(separator, ',');
      AppendQuoted(out, member.key);
      out += ':';
      AppendCanonical(out, member.value);
    }
    out += object->empty() ? "{}" : "}";
  } else if (const Array* array = value.array()) {
    char separator = '[';
    for (const Value& element : *array) {
      out += std::exchange(separator, ',');
      AppendCanonical(out, element);
    }
    out += array->empty() ? "[]" : "]";
  } else if (const std::string* text = value.text()) {
    AppendQuoted(out, *text);
  } else if (const int64_t* integer = value.integer()) {
    out += std::to_string(*integer);
  } else if (const bool* boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else {
    out += "null";
  }
}

void AppendIndented(std::string& out, const Value& value, size_t level) {
  const auto line = [&out](size_t blanks) {
    out += '\n';
    out.append(2 * blanks, ' ');
  };
  if (const Object* object = value.object(); object && !object->empty()) {
    char separator = '{';
    for (const Member& member : *object) {
      out += std::exchange(separator, ',');
      line(level + 1);
      out += Write(member.key);
      out += ": ";
      AppendIndented(out, member.value, level + 1);
    }
    line(level);
    out += '}';
  } else if (const Array* array = value.array(); array && !array->empty()) {
    char separator = '[';
    for (const Value& element : *array) {
      out += std::exchange(separator, ',');
      line(level + 1);
      AppendIndented(out, element, level + 1);
    }
    line(level);
    out += ']';
  } else {
    out += Write(value);
  }
}

}  // namespace

std::string Write(const Value& value) {
  JsonWriter out;
  WriteTo(value, out);
  return out.Take();
}

std::string WriteIndented(const Value& value) {
  std::string out;
  AppendIndented(out, value, 0);
  out += '\n';
  return out;
}

std::string WriteCanonical(const Value& value) {
  std::string out;
  AppendCanonical(out, value);
  return out;
}

}  // namespace vitrine::json
