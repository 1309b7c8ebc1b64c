// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// Harmless things that look the part, put together when asked for: none of
// them lies in this tree, or in a program of ours, as it is.
namespace vitrine::samples {

// The test file of the European Institute for Computer Antivirus Research.
std::string Eicar();

// A web shell in PHP, in a page that does nothing else.
std::string WebShell();

// A script that would fetch and run something from a host that cannot exist.
std::string Downloader();

// A program for x86-64 Linux that ends with status 0.
std::string CleanElf();

std::string Letter();

}  // namespace vitrine::samples
