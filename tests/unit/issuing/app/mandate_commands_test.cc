// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/mandate_commands.h"

#include "issuing/app/mandate_queries.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/codec.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace puhui::issuing {
namespace {

using ledger::Reason;
using ledger::ToHex;
using ::testing::ElementsAre;

constexpr char kAuditor[] = "people/a-1";

class MandateTest : public ::testing::Test {
 protected:
  MandateTest() {
    PUHUI_CHECK_OK(ledger_.CreateUnion("city").status());
    PUHUI_CHECK_OK(ledger_.CreateUnion("harbour", "city").status());
  }
  // Until long after any test.
  GrantMandateCommand::Wish Wish() const {
    return {.auditor = kAuditor,
            .in_union = UnionId::Parse("harbour", "id").value(),
            .start = absl::FromUnixSeconds(1),
            .end = absl::FromUnixSeconds(2),
            .purposes = {"年度审计"},
            .valid_until = absl::FromUnixSeconds(1'800'000'000),
            .person = "people/s-1"};
  }
  Result Grant(GrantMandateCommand::Wish wish) {
    GrantMandateCommand command(&ledger_.tables, std::move(wish));
    return ledger_.ledger.Run(command);
  }
  Result Revoke(const std::string& auditor = kAuditor) {
    RevokeMandateCommand command(&ledger_.tables, {.auditor = auditor, .person = "people/s-2"});
    return ledger_.ledger.Run(command);
  }
  MandateRow Row() { return **FindMandate(ledger_.ledger.store(), kAuditor); }
  absl::Time Now() { return ledger_.ledger.clock().Now(); }

  IssuingLedger ledger_;
};

TEST_F(MandateTest, IsInForceUntilItsEndOrItsRevocation) {
  EXPECT_FALSE(FindMandate(ledger_.ledger.store(), kAuditor)->has_value());
  ASSERT_OK(Grant(Wish()));
  EXPECT_EQ(Row().union_number, ledger_.NumberOf("harbour"));
  EXPECT_THAT(Row().purposes, ElementsAre("年度审计"));
  EXPECT_EQ(Row().grantor, "people/s-1");
  EXPECT_TRUE(Row().InForceAt(Now()));
  EXPECT_TRUE(Row().InForceAt(Row().valid_until - absl::Microseconds(1)));
  EXPECT_FALSE(Row().InForceAt(Row().valid_until));
  ASSERT_OK(Revoke());
  EXPECT_FALSE(Row().InForceAt(Now()));
  EXPECT_EQ(Row().revoker, "people/s-2");
}

TEST_F(MandateTest, OneAtATimeIsInForce) {
  ASSERT_OK(Grant(Wish()));
  EXPECT_THAT(Grant(Wish()), Refuses(Reason::kAlreadyExists, "mandate.auditor"));
  GrantMandateCommand::Wish other = Wish();
  other.auditor = "people/a-2";
  EXPECT_OK(Grant(other));
  ASSERT_OK(Revoke());
  GrantMandateCommand::Wish whole = Wish();
  whole.in_union.reset();
  whole.purposes.clear();
  ASSERT_OK(Grant(whole));
  EXPECT_EQ(Row().union_number, UnionNumber{});
  EXPECT_FALSE(Row().revoke_time.has_value());
  // One whose time is over is followed by another without more ado.
  ledger_.ledger.clock().Set(Row().valid_until);
  GrantMandateCommand::Wish later = Wish();
  later.valid_until = Now() + absl::Hours(1);
  EXPECT_OK(Grant(later));
  const auto all = ListMandates(ledger_.ledger.store(), "", 10);
  ASSERT_OK(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].auditor, kAuditor);
  EXPECT_EQ(ListMandates(ledger_.ledger.store(), kAuditor, 10)->size(), 1U);
}

TEST_F(MandateTest, RefusesWhatCannotBe) {
  GrantMandateCommand::Wish wish = Wish();
  wish.valid_until = Now();
  wish.in_union = UnionId::Parse("nowhere", "id").value();
  EXPECT_THAT(Grant(wish), Refuses(Reason::kInvalidField, "mandate.valid_until_time"));
  wish.valid_until = Wish().valid_until;
  EXPECT_THAT(Grant(wish), Refuses(Reason::kNotFound, "mandate.in_union"));
  EXPECT_THAT(Revoke(), Refuses(Reason::kNotFound, "auditor"));
  ASSERT_OK(Grant(Wish()));
  EXPECT_THAT(Revoke("people/a-2"), Refuses(Reason::kNotFound, "auditor"));
  ASSERT_OK(Revoke());
  EXPECT_THAT(Revoke(), Refuses(Reason::kNotFound, "auditor"));
}

TEST_F(MandateTest, BytesAreWhatTheyWere) {
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome granted, Grant(Wish()));
  EXPECT_EQ(ToHex(granted.first().mandate_granted().SerializeAsString()),
            "0a0a70656f706c652f612d31"      // people/a-1
            "1002"                          // harbour
            "18c0843d2080897a"              // The records' time
            "2a0ce5b9b4e5baa6e5aea1e8aea1"  // 年度审计
            "308080e2c4f2a29903"            // Until when it is in force
            "3a0a70656f706c652f732d31");    // people/s-1
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome revoked, Revoke());
  EXPECT_EQ(ToHex(revoked.first().mandate_revoked().SerializeAsString()),
            "0a0a70656f706c652f612d31120a70656f706c652f732d32");
  EXPECT_EQ(ToHex(ledger::EncodeKey(Table::kMandates, std::string(kAuditor))),
            "9a70656f706c652f612d31");
  const MandateRow row{.union_number = UnionNumber{7},
                       .start = absl::FromUnixSeconds(1),
                       .end = absl::FromUnixSeconds(2),
                       .purposes = {"年度审计"},
                       .valid_until = absl::FromUnixSeconds(3),
                       .grant_time = absl::FromUnixMicros(500'000),
                       .grantor = "people/s-1",
                       .revoke_time = absl::FromUnixMicros(600'000),
                       .revoker = "people/s-2"};
  EXPECT_EQ(ToHex(ledger::EncodeValue(row)),
            "0780897a8092f401"                  // Union 7 and the records' time
            "010ce5b9b4e5baa6e5aea1e8aea1"      // One purpose
            "809bee02"                          // Until when it is in force
            "c0843d0a70656f706c652f732d31"      // Granted when and by whom
            "01809f490a70656f706c652f732d32");  // Revoked when and by whom
}

}  // namespace
}  // namespace puhui::issuing
