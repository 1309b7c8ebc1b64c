// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "engine/object/object.h"

// How a YARA module is made: a static schema, which the compiler checks names
// and types against, and a tree of values, built on demand for an object.
// A module is a folder's worth of code behind one `const Module`.
namespace vitrine::engine::modules {

// A regular expression given as an argument; matched by the evaluator's engine.
class RegexMatcher {
 public:
  virtual bool Matches(std::string_view text) const = 0;

 protected:
  ~RegexMatcher() = default;
};

struct Undefined {};

// A scalar. Strings are views: into the object, into static data, or into the
// ModuleContext's own store.
using Value = std::variant<Undefined, int64_t, double, std::string_view, bool,
                           const RegexMatcher*>;

enum class Type : uint8_t {
  kInt,
  kFloat,
  kString,
  kBool,
  kRegex,  // Only as a function's argument.
  kStruct,
  kArray,
  kDict,
  kFunction,
};

class Node;
class ModuleContext;

// One overload. `arguments` in YARA's letters: i int, f float, s string, r
// regular expression, b bool. A function is pure but for what the context
// holds; an argument is never Undefined (the evaluator answers for it).
//
// A function of a struct that is not the module itself (pe.signatures[0].
// valid_on) has `method` in place of `call`: `self` is the struct's node.
struct Overload {
  std::string_view arguments;
  Type result;
  Value (*call)(ModuleContext&, std::span<const Value> arguments) = nullptr;
  Value (*method)(ModuleContext&, const Node& self,
                  std::span<const Value> arguments) = nullptr;
};

struct Field {
  std::string_view name;
  Type type;
  Type element = Type::kInt;            // Of kArray and kDict.
  std::span<const Field> fields = {};   // Of kStruct, or of kStruct elements.
  std::span<const Overload> overloads = {};  // Of kFunction.
  // A named constant: known to the compiler, same for every object.
  bool is_constant = false;
  Value constant = Undefined{};
};

// A value of any type. Default: undefined. Children of a struct stand in the
// order of its schema's fields; those absent at the end are undefined.
class Node {
 public:
  Node() = default;
  explicit Node(Value value) : value_(value) {}
  static Node Int(int64_t value) { return Node(Value(value)); }
  static Node Float(double value) { return Node(Value(value)); }
  static Node Bool(bool value) { return Node(Value(value)); }
  // `text` must outlive the context: see ModuleContext::Keep().
  static Node String(std::string_view text) { return Node(Value(text)); }

  const Value& value() const { return value_; }

  // Of a struct, by its field's number, or of an array, by its index. Asking
  // beyond the end gives undefined.
  const Node& operator[](size_t index) const;
  size_t size() const { return children_.size(); }
  // Grows as needed (bounded by the caller).
  Node& Set(size_t index);

  // Of a dict; in order of insertion, as iteration shows them.
  const Node* Find(std::string_view key) const;
  Node& Add(std::string_view key);
  std::string_view key(size_t index) const { return keys_[index]; }
  // Every child has a key, so that key() may be asked.
  bool IsDict() const { return keys_.size() == children_.size(); }

 private:
  Value value_;
  std::vector<Node> children_;
  std::vector<std::string_view> keys_;  // Of a dict: as children_.
};

struct Module;

// What a module remembers about an object between its fields and functions.
class ModuleState {
 public:
  virtual ~ModuleState() = default;
};

// One module's data for one object: built field by field, as asked for.
// Not thread-safe; one a scan.
class ModuleContext {
 public:
  ModuleContext(const Module& module, Object& object)
      : module_(module), object_(object) {}

  Object& object() { return object_; }
  Bytes bytes() const;

  // The top-level field `index` of the schema, built on first use.
  const Node& Top(size_t index);

  // Keeps a string alive as long as this context.
  std::string_view Keep(std::string text);

  // The module's own; null until it sets it. Strings in it may be given away as
  // values: it lives as long as this context.
  std::unique_ptr<ModuleState>& state() { return state_; }

  // What console.log and its kin print; collected for the scan's report.
  std::vector<std::string>& console() { return console_; }

 private:
  const Module& module_;
  Object& object_;
  std::map<size_t, Node> built_;
  std::deque<std::string> strings_;
  std::unique_ptr<ModuleState> state_;
  std::vector<std::string> console_;
};

struct Module {
  std::string_view name;
  std::span<const Field> fields;
  // Builds top-level field `index`; not called for constants and functions.
  // Bounded work, whatever the object's bytes are.
  Node (*build)(ModuleContext&, size_t index);
};

// Every module there is, by name; null if there is none such.
const Module* FindModule(std::string_view name);

}  // namespace vitrine::engine::modules
