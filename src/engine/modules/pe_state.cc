// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/pe_state.h"

#include <memory>

#include "base/text.h"
#include "crypto/digest.h"

namespace vitrine::engine::modules {
namespace {

template <typename T, typename Read>
const T& Once(std::optional<T>& place, const Read& read) {
  if (!place) place.emplace(read());
  return *place;
}

}  // namespace

PeState* PeState::Of(ModuleContext& context) {
  if (context.state() == nullptr) {
    const pe::Image* image = context.object().Pe();
    if (image == nullptr) return nullptr;
    context.state() = std::make_unique<PeState>(*image);
  }
  return static_cast<PeState*>(context.state().get());
}

const pe::Imports& PeState::imports() {
  return Once(imports_, [this] { return pe::ReadImports(image_); });
}

const pe::Imports& PeState::delayed_imports() {
  return Once(delayed_imports_,
              [this] { return pe::ReadDelayedImports(image_); });
}

const pe::Exports& PeState::exports() {
  return Once(exports_, [this] { return pe::ReadExports(image_); });
}

const std::optional<pe::Resources>& PeState::resources() {
  return Once(resources_, [this] { return pe::ReadResources(image_); });
}

const std::vector<pe::VersionString>& PeState::version_info() {
  return Once(version_info_, [this] {
    const auto& tree = resources();
    return tree ? pe::ReadVersionInfo(image_, *tree)
                : std::vector<pe::VersionString>();
  });
}

const std::optional<pe::RichHeader>& PeState::rich() {
  return Once(rich_, [this] { return pe::ReadRichHeader(image_); });
}

const std::vector<pe::Signature>& PeState::signatures() {
  return Once(signatures_, [this] { return pe::ReadSignatures(image_); });
}

std::string_view PeState::Keep(std::string text) {
  return texts_.emplace_back(std::move(text));
}

const std::string& PeState::imphash() {
  return Once(imphash_, [this] {
    return ToHex(crypto::Md5(AsBytes(pe::ImphashText(imports()))));
  });
}

}  // namespace vitrine::engine::modules
