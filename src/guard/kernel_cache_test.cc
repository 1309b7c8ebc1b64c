// SPDX-License-Identifier: Apache-2.0
#include "guard/kernel_cache.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "guard/fakes.h"
#include "response/fakes.h"

namespace vitrine::guard {
namespace {

using response::SampleFile;

FileFacts FactsOfNumber(uint64_t inode) {
  FileFacts facts;
  facts.key = {1, inode};
  return facts;
}

TEST(KernelCache, MarksNothingWithoutALease) {
  FakeFanotify fanotify;
  FakeLeases leases;
  KernelCache cache(fanotify, leases, 4);
  const SampleFile file;
  leases.writer = true;
  UniqueFd open = file.Open();
  EXPECT_FALSE(cache.Hold(open.get()));
  EXPECT_FALSE(cache.Keep(std::move(open), FactsOfNumber(1)));
  EXPECT_TRUE(fanotify.ignored.empty());
}

TEST(KernelCache, AWriterBeforeTheMarkPreventsIt) {
  FakeFanotify fanotify;
  FakeLeases leases;
  KernelCache cache(fanotify, leases, 4);
  const SampleFile file;
  UniqueFd open = file.Open();
  ASSERT_TRUE(cache.Hold(open.get()));
  leases.broken = true;
  cache.Broken(open.get());
  leases.broken = false;
  EXPECT_FALSE(cache.Keep(std::move(open), FactsOfNumber(1)));
  EXPECT_TRUE(fanotify.ignored.empty());
  EXPECT_TRUE(leases.held.empty());
}

TEST(KernelCache, TheOldestIsGivenUpForANewOne) {
  FakeFanotify fanotify;
  FakeLeases leases;
  KernelCache cache(fanotify, leases, 2);
  const SampleFile file;
  for (uint64_t inode = 1; inode <= 5; ++inode) {
    UniqueFd open = file.Open();
    ASSERT_TRUE(cache.Hold(open.get()));
    EXPECT_TRUE(cache.Keep(std::move(open), FactsOfNumber(inode)));
  }
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(fanotify.ignored.size(), 2u);
  EXPECT_EQ(leases.held.size(), 2u);
}

TEST(KernelCache, AStaleSignalDropsNothing) {
  FakeFanotify fanotify;
  FakeLeases leases;
  KernelCache cache(fanotify, leases, 4);
  const SampleFile file;
  UniqueFd open = file.Open();
  const int number = open.get();
  ASSERT_TRUE(cache.Hold(number));
  ASSERT_TRUE(cache.Keep(std::move(open), FactsOfNumber(1)));
  cache.Broken(number);
  EXPECT_EQ(cache.size(), 1u);
  cache.Forget({1, 1});
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_TRUE(fanotify.ignored.empty());
}

// The real kernel's half of the promise.
TEST(KernelLeases, AreNotGivenWhileTheFileIsOpenForWritingOrMappedSo) {
  const SampleFile file;
  KernelLeases leases;
  const UniqueFd reader = file.Open();
  if (!leases.Take(reader.get())) GTEST_SKIP() << "no leases on /tmp";
  leases.Give(reader.get());

  UniqueFd writer(open(file.path().c_str(), O_RDWR));
  EXPECT_FALSE(leases.Take(reader.get()));
  void* map =
      mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, writer.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  writer.Reset();
  EXPECT_FALSE(leases.Take(reader.get()));
  munmap(map, 8);
  EXPECT_TRUE(leases.Take(reader.get()));
  EXPECT_TRUE(leases.Stands(reader.get()));
  // A writer that does not wait for it is told to come again.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, LeaseSignal());
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  EXPECT_EQ(open(file.path().c_str(), O_RDWR | O_NONBLOCK), -1);
  EXPECT_FALSE(leases.Stands(reader.get()));
  siginfo_t told = {};
  EXPECT_EQ(sigwaitinfo(&signals, &told), LeaseSignal());
  EXPECT_EQ(told.si_fd, reader.get());
  leases.Give(reader.get());
}

}  // namespace
}  // namespace vitrine::guard
