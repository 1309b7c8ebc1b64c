// SPDX-License-Identifier: Apache-2.0
#include "engine/object/object.h"

namespace vitrine::engine {
namespace {

template <typename T>
std::unique_ptr<T> Box(Result<T> result) {
  if (!result.ok()) return nullptr;
  return std::make_unique<T>(std::move(result).value());
}

}  // namespace

const pe::Image* Object::Pe() {
  if (!std::exchange(pe_.tried, true)) pe_.value = Box(pe::Parse(bytes_));
  return pe_.value.get();
}

const elf::Image* Object::Elf() {
  if (!std::exchange(elf_.tried, true)) elf_.value = Box(elf::Parse(bytes_));
  return elf_.value.get();
}

const macho::File* Object::Macho() {
  if (!std::exchange(macho_.tried, true)) {
    macho_.value = Box(macho::Parse(bytes_));
  }
  return macho_.value.get();
}

const dotnet::Image* Object::Dotnet() {
  if (!std::exchange(dotnet_.tried, true)) {
    if (const pe::Image* image = Pe()) {
      dotnet_.value = Box(dotnet::Parse(bytes_, *image));
    }
  }
  return dotnet_.value.get();
}

const dex::File* Object::Dex() {
  if (!std::exchange(dex_.tried, true)) dex_.value = Box(dex::Parse(bytes_));
  return dex_.value.get();
}

const ExecutableLayout* Object::Layout() {
  if (!std::exchange(layout_.tried, true)) {
    if (const pe::Image* pe = Pe()) {
      layout_.value = std::make_unique<ExecutableLayout>(pe::Layout(*pe));
    } else if (const elf::Image* elf = Elf()) {
      layout_.value = std::make_unique<ExecutableLayout>(elf::Layout(*elf));
    } else if (const macho::File* macho = Macho()) {
      layout_.value = std::make_unique<ExecutableLayout>(macho::Layout(*macho));
    }
  }
  return layout_.value.get();
}

}  // namespace vitrine::engine
