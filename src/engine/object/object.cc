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
    if (auto layout = MakeLayout()) {
      layout_.value = std::make_unique<ExecutableLayout>(*std::move(layout));
    }
  }
  return layout_.value.get();
}

std::optional<ExecutableLayout> Object::MakeLayout() {
  const ExecutableLayout broken = ExecutableLayout::Broken();
  switch (type_) {
    case FileType::kMSEXE:
      return Pe() != nullptr ? pe::Layout(*Pe()) : broken;
    case FileType::kELF:
      return Elf() != nullptr ? elf::Layout(*Elf()) : broken;
    case FileType::kMACHO:
    case FileType::kMACHO_UNIBIN:
      return Macho() != nullptr ? macho::Layout(*Macho()) : broken;
    default:
      return std::nullopt;
  }
}

}  // namespace vitrine::engine
