// SPDX-License-Identifier: Apache-2.0
#include "doorman/gate.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

PeerKey Key(uint8_t number) {
  PeerKey key{};
  key[1] = number;
  return key;
}

Job Named(const std::string& name, uint64_t connection = 1) {
  Job job;
  job.name = name;
  job.connection = connection;
  return job;
}

std::string Drain(Gate& gate) {
  std::string names;
  while (std::optional<Job> job = gate.Pop()) names += job->name;
  return names;
}

TEST(Gate, LetsSoManyInAtATime) {
  Gate gate(2);
  for (const char* name : {"a", "b", "c"}) gate.Push(Key(1), Named(name));
  EXPECT_EQ("ab", Drain(gate));
  EXPECT_EQ(1u, gate.waiting());
  gate.Leave();
  EXPECT_EQ("c", Drain(gate));
  EXPECT_EQ(2u, gate.inside());
}

TEST(Gate, TakesPeersByTurns) {
  Gate gate(100);
  for (const char* name : {"a", "b", "c"}) gate.Push(Key(1), Named(name));
  gate.Push(Key(2), Named("x"));
  EXPECT_EQ("axbc", Drain(gate));
}

TEST(Gate, ForgetsAConnection) {
  Gate gate(100);
  gate.Push(Key(1), Named("a", 1));
  gate.Push(Key(1), Named("b", 2));
  gate.Push(Key(2), Named("c", 3));
  gate.Remove(Key(1), 1);
  gate.Remove(Key(2), 3);
  EXPECT_EQ(1u, gate.waiting());
  EXPECT_EQ("b", Drain(gate));
}

}  // namespace
}  // namespace vitrine::doorman
