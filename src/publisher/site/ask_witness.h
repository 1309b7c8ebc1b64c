// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "publisher/log/log_writer.h"

namespace vitrine::publisher {

// Asks witnesses by their URL in the policy: http and https as tlog-witness has
// it, and "file:FOLDER" for one on this machine (MakeLocalWitness()).
//
// `before`: what a witness does first that is a mirror (its folder has a file
// "mirror"): takes a copy of all that the checkpoint says is public. An error
// keeps it from cosigning.
using CopyFirst = std::function<Status(const std::string& folder,
                                       const std::string& checkpoint)>;
AskWitness AskByUrl(CopyFirst before);

// A witness in a folder of its own: "key" (PEM), "name", "logs" (publisher/
// witness), and what it has cosigned.
Status MakeLocalWitness(const std::string& folder, const std::string& name,
                        const std::string& log_key);
// Its key as a policy has it.
Result<std::string> LocalWitnessKey(const std::string& folder);

}  // namespace vitrine::publisher
