// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/modules/module.h"
#include "formats/pe/authenticode.h"
#include "formats/pe/exports.h"
#include "formats/pe/imports.h"
#include "formats/pe/pe.h"
#include "formats/pe/resources.h"
#include "formats/pe/rich.h"
#include "formats/pe/version_info.h"

namespace vitrine::engine::modules {

// The parts of a PE file that fields and functions of the module have asked
// for, each read once. Hundreds of rules ask for the same few.
class PeState final : public ModuleState {
 public:
  // Of the context's object; null where that is no PE file.
  static PeState* Of(ModuleContext& context);

  explicit PeState(const pe::Image& image) : image_(image) {}

  const pe::Image& image() const { return image_; }
  const pe::Imports& imports();
  const pe::Imports& delayed_imports();
  const pe::Exports& exports();
  const std::optional<pe::Resources>& resources();
  const std::vector<pe::VersionString>& version_info();
  const std::optional<pe::RichHeader>& rich();
  const std::vector<pe::Signature>& signatures();
  const std::string& imphash();

  // Keeps a text made for a value.
  std::string_view Keep(std::string text);

 private:
  const pe::Image& image_;
  std::optional<pe::Imports> imports_;
  std::optional<pe::Imports> delayed_imports_;
  std::optional<pe::Exports> exports_;
  std::optional<std::optional<pe::Resources>> resources_;
  std::optional<std::vector<pe::VersionString>> version_info_;
  std::optional<std::optional<pe::RichHeader>> rich_;
  std::optional<std::vector<pe::Signature>> signatures_;
  std::optional<std::string> imphash_;
  std::deque<std::string> texts_;
};

}  // namespace vitrine::engine::modules
