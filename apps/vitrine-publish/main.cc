// SPDX-License-Identifier: Apache-2.0
// The publisher's tool. Not on the machines that are protected.
#include "cli/publish/app.h"

int main(int argc, char** argv) {
  return vitrine::cli::publish::RunPublish(argc, argv);
}
