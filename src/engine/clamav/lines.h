// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/clamav/context.h"

// One reader a line format (reference §2.1). Each adds to context.program.
namespace vitrine::engine::clamav {

LineResult ReadFileHash(std::string_view line, Context& context);
LineResult ReadAllowedHash(std::string_view line, Context& context);
LineResult ReadSectionHash(std::string_view line, Context& context);
LineResult ReadImportHash(std::string_view line, Context& context);

LineResult ReadBody(std::string_view line, Context& context);       // .ndb
LineResult ReadPlainBody(std::string_view line, Context& context);  // .db
LineResult ReadLogical(std::string_view line, Context& context);    // .ldb

LineResult ReadContainer(std::string_view line, Context& context);      // .cdb
LineResult ReadFileType(std::string_view line, Context& context);       // .ftm
LineResult ReadPhishing(std::string_view line, Context& context);       // .pdb
LineResult ReadPhishingAllow(std::string_view line, Context& context);  // .wdb
LineResult ReadUrlHash(std::string_view line, Context& context);        // .gdb
LineResult ReadPassword(std::string_view line, Context& context);       // .pwdb
LineResult ReadIcon(std::string_view line, Context& context);           // .idb
LineResult ReadCertificate(std::string_view line, Context& context);    // .crb
LineResult ReadConfig(std::string_view line, Context& context);         // .cfg
LineResult ReadIgnored(std::string_view line, Context& context);        // .ign

}  // namespace vitrine::engine::clamav
