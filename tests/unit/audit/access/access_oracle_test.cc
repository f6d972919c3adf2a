// SPDX-License-Identifier: Apache-2.0
// Who read what, asked page by page and looked for in every access; at rest, and while others read.
#include "audit/access/access_query.h"
#include "audit/access/access_walk.h"
#include "ledger/base/limits.h"
#include "ledger/journal/journal_reader.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/audit/access/access_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>

namespace puhui::audit {
namespace {

// What somebody who looks after auditors asks for.
struct AskedOf {
  std::string person{};  // Empty: anybody.
  std::string rpc{};
  bool refused = false;

  bool Takes(const journal::v1::Access& access) const {
    return (person.empty() || access.person() == person) && (rpc.empty() || access.rpc() == rpc) &&
           (!refused || access.code() != 0);
  }
};

class AccessOracleTest : public AccessFixture {
 protected:
  void SetUp() override { ASSERT_OK(Open()); }

  journal::v1::Access RandomAccess(SeededRandom& random) const {
    journal::v1::Access access = ReadBy(absl::StrCat("people/a-", random.Below(4)));
    access.set_rpc(absl::StrCat("AuditService/Call", random.Below(3)));
    access.set_rows(random.Below(5));
    if (random.Below(4) == 0) access.set_code(7);
    return access;
  }
  // Some at the same moment, others later.
  void AppendRandom(int count) {
    for (; count != 0; --count) {
      ASSERT_OK(Append(RandomAccess(random_)));
      if (random_.Below(3) == 0) {
        clock_.Advance(absl::Milliseconds(static_cast<std::int64_t>(random_.Below(400))));
      }
    }
  }
  AskedOf RandomAsked() {
    AskedOf asked;
    if (random_.Below(2) == 0) asked.person = absl::StrCat("people/a-", random_.Below(5));
    if (random_.Below(2) == 0) asked.rpc = absl::StrCat("AuditService/Call", random_.Below(3));
    asked.refused = random_.Below(4) == 0;
    return asked;
  }
  absl::Time RandomMoment(const std::vector<journal::v1::Access>& all) {
    const journal::v1::Access& like = all[random_.Below(all.size())];
    return absl::FromUnixMicros(like.time_micros()) + absl::Microseconds(random_.Below(3)) -
           absl::Microseconds(1);
  }

  // Everything in one moment, in order.
  static std::vector<journal::v1::Access> AllOf(const ledger::Readable& moment) {
    std::vector<journal::v1::Access> all;
    EXPECT_OK(ledger::ReadRecords(
        moment, 1, SIZE_MAX,
        [&all](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          auto access = ParseAccess(sequence, bytes);
          if (!access.ok()) return access.status();
          all.push_back(*std::move(access));
          return true;
        }));
    return all;
  }
  // A random question of the moment, walked through in pages of random sizes.
  void ExpectAsAScanSays(const ledger::Readable& moment,
                         const std::vector<journal::v1::Access>& all) {
    const AskedOf asked = RandomAsked();
    const auto takes = [&asked](const journal::v1::Access& access) { return asked.Takes(access); };
    AccessWish wish{.wanted = takes};
    if (random_.Below(3) == 0) wish.from = random_.Below(all.size() + 2);
    if (random_.Below(3) == 0) wish.from_time = RandomMoment(all);
    if (random_.Below(3) == 0) wish.until_time = RandomMoment(all);
    std::vector<std::string> wanted;
    for (const journal::v1::Access& access : all) {
      const absl::Time time = absl::FromUnixMicros(access.time_micros());
      const bool in_range =
          access.sequence() >= wish.from && time >= wish.from_time && time < wish.until_time;
      if (in_range && asked.Takes(access)) wanted.push_back(access.SerializeAsString());
    }
    std::vector<std::string> found;
    do {
      wish.count_max = random_.Below(60) + 1;
      ASSERT_OK_AND_ASSIGN(const AccessPage page, FindAccesses(moment, wish));
      ASSERT_LE(page.accesses.size(), wish.count_max);
      for (const auto& access : page.accesses) found.push_back(access.SerializeAsString());
      ASSERT_TRUE(page.next == 0 || page.next > wish.from) << "it goes on";
      wish.from = page.next;
    } while (wish.from != 0);
    ASSERT_EQ(found, wanted) << "of " << all.size() << ", person " << asked.person << ", rpc "
                             << asked.rpc << ", refused " << asked.refused;
  }

  SeededRandom random_{20'261'128};
};

TEST_F(AccessOracleTest, FindsWhatALookAtEveryAccessFinds) {
  for (int grown = 0; grown < 4; ++grown) {
    ASSERT_NO_FATAL_FAILURE(AppendRandom(80));
    const auto moment = journal_->Read();
    const std::vector<journal::v1::Access> all = AllOf(*moment);
    ASSERT_EQ(all.size(), static_cast<std::size_t>(80 * (grown + 1)));
    for (int i = 0; i < 250; ++i) ASSERT_NO_FATAL_FAILURE(ExpectAsAScanSays(*moment, all));
  }
}

// Each answer is of its moment: what is written meanwhile is not in it, and nothing of before is
// missing.
TEST_F(AccessOracleTest, FindsTheSameWhileOthersRead) {
  constexpr int kQuestions = 120;
  constexpr int kMoreEach = 12;
  ASSERT_NO_FATAL_FAILURE(AppendRandom(10));
  std::atomic<int> allowed{0};
  std::thread others([&] {
    SeededRandom random(2);
    for (int i = 0; i < kQuestions * kMoreEach; ++i) {
      while (i >= allowed) std::this_thread::yield();
      EXPECT_OK(Append(RandomAccess(random)));
      clock_.Advance(absl::Milliseconds(7));
    }
  });
  std::size_t seen = 0;
  for (int i = 0; i < kQuestions; ++i) {
    allowed += kMoreEach;
    const std::size_t durable = journal_->size();
    const auto moment = journal_->Read();
    const std::vector<journal::v1::Access> all = AllOf(*moment);
    EXPECT_GE(all.size(), std::max(seen, durable));
    seen = all.size();
    if (!HasFatalFailure()) ExpectAsAScanSays(*moment, all);
  }
  others.join();
  EXPECT_EQ(AllOf(*journal_->Read()).size(), std::size_t{10 + kQuestions * kMoreEach});
}

TEST_F(AccessOracleTest, APageLooksAtSoManyAndTheNextGoesOn) {
  constexpr std::size_t kOthers = kAccessesLookedAtMax + 5;
  constexpr std::size_t kAtOnce = 8'000;  // Fewer than may wait.
  static_assert(kAtOnce < kAccessesWaitingMax);
  for (std::size_t i = 0; i < kOthers; ++i) {
    journal_->Append(ReadBy("people/others"),
                     [](const absl::StatusOr<Sequence>& at) { EXPECT_OK(at); });
    if (i % kAtOnce != 0) continue;
    ASSERT_OK(Append(ReadBy("people/others")));
  }
  ASSERT_OK(Append(ReadBy("people/rare")));
  const AskedOf rare{.person = "people/rare"};
  const auto takes = [&rare](const journal::v1::Access& access) { return rare.Takes(access); };
  AccessWish wish{.count_max = 10, .wanted = takes};
  ASSERT_OK_AND_ASSIGN(const AccessPage first, FindAccesses(*journal_->Read(), wish));
  EXPECT_THAT(first.accesses, ::testing::IsEmpty());
  EXPECT_EQ(first.next, kAccessesLookedAtMax + 1);
  wish.from = first.next;
  ASSERT_OK_AND_ASSIGN(const AccessPage second, FindAccesses(*journal_->Read(), wish));
  EXPECT_THAT(second.accesses, ::testing::SizeIs(1));
  EXPECT_EQ(second.next, 0U);
}

}  // namespace
}  // namespace puhui::audit
