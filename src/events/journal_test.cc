// SPDX-License-Identifier: Apache-2.0
#include "events/journal.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>

#include "events/sample_events.h"

namespace vitrine::events {
namespace {

TEST(JournalEntry, WritesLinesAndCountsValuesWithBreaks) {
  Event event = Make(DetectionActivity::kCreate);
  event.path = "/a";
  event.rules = {"One", "Two\nPRIORITY=0"};
  const std::string entry = JournalEntry(event, {});
  EXPECT_NE(entry.find("\nVITRINE_PATH=/a\n"), entry.npos);
  EXPECT_NE(entry.find("\nVITRINE_RULE=One\n"), entry.npos);
  // 14 bytes, counted: the line break in the name begins no field.
  const std::string counted("VITRINE_RULE\n\x0e\0\0\0\0\0\0\0Two\nPRIORITY=0\n",
                            36);
  EXPECT_NE(entry.find(counted), entry.npos);
  EXPECT_EQ(entry.find("VITRINE_OBJECT"), entry.npos);
}

TEST(JournalSender, SendsADatagramAndWaitsForNobody) {
  std::string folder = testing::TempDir() + "journal.XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/socket";
  JournalSender sender(path);
  sender.Send(FullEvent(), {});
  EXPECT_EQ(sender.unsent(), 1u);
  {
    const UniqueFd journal(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(journal.get(), reinterpret_cast<const sockaddr*>(&address),
                   sizeof address),
              0);
    sender.Send(FullEvent(), {});
    EXPECT_EQ(sender.sent(), 1u);
    std::string got(100'000, '\0');
    const ssize_t size =
        recv(journal.get(), got.data(), got.size(), MSG_DONTWAIT);
    ASSERT_GT(size, 0);
    got.resize(static_cast<size_t>(size));
    EXPECT_EQ(got, JournalEntry(FullEvent(), {}));
    // Nobody reads: the socket fills up, and then datagrams are left out.
    for (int i = 0; i < 2000; ++i) sender.Send(FullEvent(), {});
    EXPECT_GT(sender.unsent(), 1u);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vitrine::events
