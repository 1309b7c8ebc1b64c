// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/modules/all_modules.h"
#include "engine/modules/schema.h"

// YARA's own test module, which every build of YARA has: one field or function
// of each kind, so that a rule can try the language without a file format.
namespace vitrine::engine::modules {
namespace {

Value Match(ModuleContext&, std::span<const Value> arguments) {
  const auto* regex = Argument<const RegexMatcher*>(arguments, 0);
  const auto text = Argument<std::string_view>(arguments, 1);
  if (regex == nullptr || !regex->Matches(text)) return int64_t{-1};
  // Where the first match to end ends. Prefixes hold it from there on.
  size_t low = 0;
  size_t high = text.size();
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (regex->Matches(text.substr(0, middle))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return Signed(high);
}

Value IntegerSum(ModuleContext&, std::span<const Value> arguments) {
  uint64_t sum = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    sum += static_cast<uint64_t>(Argument<int64_t>(arguments, i));
  }
  return Signed(sum);
}

Value FloatSum(ModuleContext&, std::span<const Value> arguments) {
  double sum = 0;
  for (size_t i = 0; i < arguments.size(); ++i) {
    sum += Argument<double>(arguments, i);
  }
  return sum;
}

Value Length(ModuleContext&, std::span<const Value> arguments) {
  // As C has it: up to a NUL.
  const auto text = Argument<std::string_view>(arguments, 0);
  return Signed(std::min(text.find('\0'), text.size()));
}

Value Empty(ModuleContext&, std::span<const Value>) {
  return std::string_view();
}

Value Foobar(ModuleContext&, std::span<const Value> arguments) {
  switch (Argument<int64_t>(arguments, 0)) {
    case 1:
      return std::string_view("foo");
    case 2:
      return std::string_view("bar");
    default:
      return std::string_view("oops");
  }
}

constexpr Field kConstants[] = {
    IntConstant("one", 1),
    IntConstant("two", 2),
    StringConstant("foo", "foo"),
    StringConstant("empty", ""),
};

constexpr Field kUndefined[] = {
    IntField("i"),
    {.name = "f", .type = Type::kFloat},
};

constexpr Field kStruct[] = {IntField("i"), StringField("s")};
constexpr Field kUnused[] = {StringField("unused")};
constexpr Field kEmptyStructs[] = {
    StructArrayField("struct_array", kUnused),
    {.name = "struct_dict",
     .type = Type::kDict,
     .element = Type::kStruct,
     .fields = kUnused},
};

constexpr Overload kMatch[] = {{"rs", Type::kInt, Match}};
constexpr Overload kIntegerSum[] = {{"ii", Type::kInt, IntegerSum},
                                    {"iii", Type::kInt, IntegerSum}};
constexpr Overload kFloatSum[] = {{"ff", Type::kFloat, FloatSum},
                                  {"fff", Type::kFloat, FloatSum}};
constexpr Overload kLength[] = {{"s", Type::kInt, Length}};
constexpr Overload kEmpty[] = {{"", Type::kString, Empty}};
constexpr Overload kFoobar[] = {{"i", Type::kString, Foobar}};

enum Index : size_t {
  kIntegerArrayIndex = 2,
  kStringArrayIndex = 3,
  kStructArrayIndex = 4,
  kStringDictIndex = 6,
  kStructDictIndex = 7,
};

constexpr Field kFields[] = {
    StructField("constants", kConstants),
    StructField("undefined", kUndefined),
    {.name = "integer_array", .type = Type::kArray, .element = Type::kInt},
    {.name = "string_array", .type = Type::kArray, .element = Type::kString},
    StructArrayField("struct_array", kStruct),
    {.name = "integer_dict", .type = Type::kDict, .element = Type::kInt},
    {.name = "string_dict", .type = Type::kDict, .element = Type::kString},
    {.name = "struct_dict",
     .type = Type::kDict,
     .element = Type::kStruct,
     .fields = kStruct},
    {.name = "empty_struct_dict",
     .type = Type::kDict,
     .element = Type::kStruct,
     .fields = kUnused},
    StructArrayField("empty_struct_array", kEmptyStructs),
    StringField("module_data"),
    FunctionField("match", kMatch),
    FunctionField("isum", kIntegerSum),
    FunctionField("fsum", kFloatSum),
    FunctionField("length", kLength),
    FunctionField("empty", kEmpty),
    FunctionField("foobar", kFoobar),
};

Node Build(ModuleContext&, size_t index) {
  Node node;
  switch (index) {
    case kIntegerArrayIndex:
      for (const int64_t i : {0, 1, 2, 256}) {
        node.Set(static_cast<size_t>(i)) = Node::Int(i);
      }
      break;
    case kStringArrayIndex:
      node.Set(0) = Node::String("foo");
      node.Set(1) = Node::String("bar");
      node.Set(2) = Node::String("baz");
      node.Set(3) = Node::String(std::string_view("foo\0bar", 7));
      break;
    case kStructArrayIndex:
      node.Set(1).Set(0) = Node::Int(1);
      break;
    case kStringDictIndex:
      node.Add("foo") = Node::String("foo");
      node.Add("bar") = Node::String("bar");
      break;
    case kStructDictIndex: {
      Node& foo = node.Add("foo");
      foo.Set(0) = Node::Int(1);
      foo.Set(1) = Node::String("foo");
      break;
    }
    default:
      break;
  }
  return node;
}

}  // namespace

const Module kTestsModule = {"tests", kFields, Build};

}  // namespace vitrine::engine::modules
