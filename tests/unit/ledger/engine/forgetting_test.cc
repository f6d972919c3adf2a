// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/forgetting.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"
#include "tests/support/ledger_fixture.h"
#include "tests/unit/ledger/engine/engine_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

// When an hour's worth is old enough. Records are a microsecond apart while the clock stands still.
const absl::Duration kLong = kRequestsKeptFor + kForgetRequestsEvery + absl::Seconds(1);

// The engine, which forgets by itself.
class ForgettingTest : public EngineTest {
 protected:
  // The views are made with each engine, so the source looks for them when it is asked.
  class Chores final : public ledger::ChoreSource {
   public:
    explicit Chores(ForgettingTest* test) : test_(*test) {}
    absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& timer,
                                                         const ledger::Readable& store) override {
      return Forgetting().Begin(timer, store);
    }
    absl::StatusOr<absl::optional<ledger::TimerKey>> Standing(
        const ledger::Readable& store) override {
      return Forgetting().Standing(store);
    }

   private:
    ledger::RequestForgetting Forgetting() { return {&test_.books_->views, &test_.no_chores_}; }
    ForgettingTest& test_;
  };

  ForgettingTest() { chores_ = &forgetting_; }
  ~ForgettingTest() override { engine_.reset(); }
  void SetUp() override { ASSERT_OK(Open()); }

  std::size_t Remembered() const {
    return ledger::List(*engine_->Read(), ledger::kRequestTable, {}, SIZE_MAX)->size();
  }
  // What the journal says was forgotten.
  std::vector<journal::v1::RequestsForgotten> Pieces() const {
    std::vector<journal::v1::RequestsForgotten> pieces;
    PUHUI_CHECK_OK(ledger::ReadRecords(
        *store_, 1, SIZE_MAX,
        [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
          PUHUI_ASSIGN_OR_RETURN(const auto record, ledger::ParseRecord(sequence, bytes));
          if (record.has_requests_forgotten()) pieces.push_back(record.requests_forgotten());
          return true;
        }));
    return pieces;
  }
  void ExpectVerifies() {
    const ledger::VerifyReport report = Verify();
    EXPECT_TRUE(report.ok()) << report.findings[0];
  }

  Chores forgetting_{this};
};

TEST_F(ForgettingTest, ACallIsAnsweredAgainFor35DaysAndDecidedAnewAfterwards) {
  ASSERT_OK(Run(Deposit(1, RequestOf(1))));
  clock_.Advance(kRequestsKeptFor - absl::Seconds(1));
  engine_->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Run(Deposit(1, RequestOf(1))));
  EXPECT_EQ(again.first().sequence(), 1U);
  clock_.Advance(kForgetRequestsEvery + absl::Seconds(2));
  AwaitTrue([this] { return Remembered() == 0; });
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome anew, Run(Deposit(1, RequestOf(1))));
  EXPECT_GT(anew.first().sequence(), 1U);
  EXPECT_EQ(decisions_, 2);
  ExpectVerifies();
}

TEST_F(ForgettingTest, AnIdThatIsUsedAgainIsKeptAsLongAsAnyOther) {
  ASSERT_OK(Run(Deposit(1, RequestOf(1))));
  clock_.Advance(kLong);
  AwaitTrue([this] { return Remembered() == 0; });
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome second, Run(Deposit(1, RequestOf(1))));
  clock_.Advance(kRequestsKeptFor - absl::Hours(1));
  engine_->WakeTimers();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Run(Deposit(1, RequestOf(1))));
  EXPECT_EQ(again.first().sequence(), second.first().sequence());
  clock_.Advance(absl::Hours(3));
  AwaitTrue([this] { return Remembered() == 0; });
  ExpectVerifies();
}

TEST_F(ForgettingTest, ManyAreForgottenInPiecesOfBoundedSize) {
  constexpr std::size_t kOld = 2 * kForgetRecordsMax + 100;
  for (std::uint64_t i = 0; i < kOld; ++i) {
    // Every third asks by itself, as an issue run does.
    ASSERT_OK(Run(i % 3 == 0 ? Deposit(1) : Deposit(1, RequestOf(i))));
  }
  clock_.Advance(kLong);
  for (std::uint64_t i = 0; i < 10; ++i) ASSERT_OK(Run(Deposit(1, RequestOf(kOld + i))));
  AwaitTrue([this] { return Remembered() == 10; });
  AwaitTrue([this] { return Pieces().size() == 3; });
  for (const auto& piece : Pieces()) EXPECT_LE(piece.requests().size(), kForgetRecordsMax * 16);
  EXPECT_EQ(Pieces()[0].next_sequence(), kForgetRecordsMax + 1);
  ExpectVerifies();
}

TEST_F(ForgettingTest, AQuietLedgerIsLeftAloneUntilThereIsMore) {
  ASSERT_OK(Run(Deposit(1, RequestOf(1))));
  clock_.Advance(kLong);
  AwaitTrue([this] { return Remembered() == 0; });
  // The next look: everything that is not this chore's own record is forgotten already.
  clock_.Advance(kRequestsKeptFor);
  AwaitTrue([this] { return Pieces().size() == 2; });
  clock_.Advance(kForgetRequestsEvery / 2);
  engine_->WakeTimers();
  ASSERT_OK(Run(Deposit(1, RequestOf(2))));
  ASSERT_OK(engine_->Shutdown());
  EXPECT_EQ(Pieces().size(), 2U);
}

TEST_F(ForgettingTest, ARestartGoesOnWhereItStoppedAndViewsFoldedAnewAreTheSame) {
  for (std::uint64_t i = 0; i < kForgetRecordsMax + 10; ++i) {
    ASSERT_OK(Run(Deposit(1, RequestOf(i))));
  }
  ASSERT_OK(engine_->Shutdown());
  clock_.Advance(kLong);
  ASSERT_OK(Open());
  AwaitTrue([this] { return Remembered() == 0; });
  ExpectVerifies();
  ASSERT_OK(engine_->Shutdown());
  ASSERT_OK(store_->ClearFamily(ledger::Family::kMeta));
  ASSERT_OK(Open());
  EXPECT_EQ(Remembered(), 0U);
  ExpectVerifies();
}

// The rules alone.
class ForgetRequestsTest : public ::testing::Test {
 protected:
  void Deposit(std::uint64_t request) {
    const auto command = Always([](ledger::Decision& decision) { AddFunding(1, 1, decision); });
    command->request = RequestOf(request);
    ASSERT_OK(ledger_.Run(*command));
  }
  absl::StatusOr<ledger::Outcome> Forget(ledger::OldRequests old) {
    ledger::ForgetRequestsCommand command(&ledger_.views(), std::move(old));
    return ledger_.Run(command);
  }
  ledger::OldRequests Read(Sequence first) {
    return *ledger::ReadOldRequests(ledger_.store(), first, ledger_.clock().Now());
  }
  bool Remembers(std::uint64_t request) {
    const ledger::RequestIdentity identity = RequestOf(request);
    return ledger_.views().requests.Find(
               ledger_.views().RequestKey(identity.caller, identity.request_id)) != nullptr;
  }

  LedgerFixture ledger_;
};

TEST_F(ForgetRequestsTest, APieceEndsBeforeTheFirstRecordThatIsTooYoung) {
  Deposit(1);
  Deposit(2);
  ledger_.clock().Advance(absl::Hours(5));
  const absl::Time young = ledger_.clock().Now();
  Deposit(3);
  ledger_.clock().Set(young + kRequestsKeptFor - absl::Seconds(1));
  const ledger::OldRequests old = Read(1);
  EXPECT_EQ(old.next, 3U);
  EXPECT_EQ(old.requests.size(), 2 * sizeof(ledger::Tag));
  EXPECT_EQ(old.due, young + kRequestsKeptFor + kForgetRequestsEvery);
  ASSERT_OK(Forget(old));
  EXPECT_FALSE(Remembers(1));
  EXPECT_FALSE(Remembers(2));
  EXPECT_TRUE(Remembers(3));
}

// Auditors compute these keys themselves: docs/audit-format.md.
TEST_F(ForgetRequestsTest, ARecordNamesWhatItForgetsByTheKeysThatAuditorsCompute) {
  Deposit(2);
  Deposit(1);
  ledger_.clock().Advance(kLong);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Forget(Read(1)));
  std::string keys;
  for (const std::uint64_t request : {2U, 1U}) {
    const ledger::RequestIdentity of = RequestOf(request);
    const std::string answered = of.caller + std::string(1, '\0') + of.request_id;
    const ledger::Hash hash = ledger::Sha256().Digest(answered);
    keys += std::string(ledger::AsBytes(hash).substr(0, 16));
  }
  EXPECT_EQ(outcome.first().requests_forgotten().requests(), keys);
}

TEST_F(ForgetRequestsTest, APieceThatOthersHavePassedIsLeftAlone) {
  Deposit(1);
  ledger_.clock().Advance(kLong);
  const ledger::OldRequests old = Read(1);
  ASSERT_OK(Forget(old));
  Deposit(1);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Forget(old));
  EXPECT_TRUE(again.empty());
  EXPECT_TRUE(Remembers(1));
}

TEST_F(ForgetRequestsTest, WhatIsNotOldEnoughByTheWritersTimeIsKept) {
  Deposit(1);
  ledger_.clock().Advance(kLong);
  const ledger::OldRequests old = Read(1);
  ledger_.clock().Advance(-2 * kForgetRequestsEvery);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Forget(old));
  EXPECT_TRUE(outcome.empty());
  EXPECT_TRUE(Remembers(1));
}

TEST_F(ForgetRequestsTest, ARecordThatGoesBackOrIsCutIsDataLoss) {
  Deposit(1);
  ledger_.clock().Advance(kLong);
  ASSERT_OK(Forget(Read(1)));
  journal::v1::Record record;
  journal::v1::RequestsForgotten& gone = *record.mutable_requests_forgotten();
  gone.set_next_sequence(1);
  EXPECT_THAT(ledger_.views().Apply(record), HasCode(absl::StatusCode::kDataLoss));
  gone.set_next_sequence(9);
  gone.set_requests("fifteen bytes..");
  EXPECT_THAT(ledger_.views().Apply(record), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::testing
