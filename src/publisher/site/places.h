// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// Where things lie in a publisher's folder.
namespace vitrine::publisher {

struct Places {
  std::string home;

  // Served to everybody: metadata/, targets/, log/.
  std::string Site() const { return home + "/site"; }
  std::string Log() const { return Site() + "/log"; }
  std::string Targets() const { return Site() + "/targets"; }
  std::string Metadata() const { return Site() + "/metadata"; }
  // What is being made: handed to those who sign.
  std::string Staging() const { return home + "/staging"; }
  std::string Sources() const { return home + "/sources"; }
  std::string LogState() const { return home + "/state/log"; }
  std::string Scratch() const { return home + "/state/scratch"; }
  std::string Policy() const { return home + "/tlog-policy"; }
  // The record of how the keys were made; its lines go into the log.
  std::string Ceremony() const { return home + "/ceremony"; }
  std::string Keys() const { return home + "/keys"; }
  std::string OnlineKey(const std::string& name) const {
    return Keys() + "/online/" + name + ".key";
  }
};

}  // namespace vitrine::publisher
