// SPDX-License-Identifier: Apache-2.0
#include "events/present.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "events/sample_events.h"

namespace vitrine::events {
namespace {

Origin Sample() {
  Origin origin;
  origin.writer = "guard";
  origin.spool.fill(0xab);
  origin.sequence = 9;
  return origin;
}

TEST(EventJson, SaysTheDetectionInOcsfsWords) {
  const std::string json = EventJson(FullEvent(), Sample());
  for (const char* part :
       {"\"class_uid\":2004,\"class_name\":\"Detection Finding\"",
        "\"type_uid\":200401", "\"severity_id\":4,\"severity\":\"High\"",
        "\"action_id\":2,\"action\":\"Denied\"",
        "\"disposition_id\":2,\"disposition\":\"Blocked\"",
        "\"finding_info\":{\"uid\":\"abababababababababababababababab-9\","
        "\"title\":\"Marker\"}",
        "\"evidences\":[{\"file\":{", "\"algorithm\":\"SHA-256\"",
        "\"malware\":[{\"name\":\"Marker\"", "\"uid\":\"0\"",
        "\"log_name\":\"guard\"", "\"verdict\":\"found\""}) {
    EXPECT_NE(json.find(part), json.npos) << part << "\n" << json;
  }
}

TEST(EventJson, IsUtf8WhateverTheNames) {
  const std::string json = EventJson(FullEvent(), Sample());
  EXPECT_TRUE(IsUtf8(json));
  EXPECT_EQ(json.find('\x1b'), json.npos);
}

TEST(EventText, HoldsNothingThatATerminalObeys) {
  Event event = FullEvent();
  event.rules = {"a\nb\x1b[2J"};
  event.message = "c\rd";
  const std::string text = EventText(event, Sample());
  EXPECT_EQ(Printable(text), text);
  EXPECT_EQ(text.find('\n'), text.npos);
  EXPECT_TRUE(text.starts_with("2026-09-21T14:13:20.123Z  detection/Create"))
      << text;
  EXPECT_TRUE(text.ends_with("[guard]"));
}

TEST(UtcTime, KnowsTimesBefore1970) {
  EXPECT_EQ(UtcTime(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(UtcTime(-1), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace vitrine::events
