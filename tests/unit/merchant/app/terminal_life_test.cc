// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/merchant/app/life_fixture.h"

#include <gtest/gtest.h>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using enum TerminalState;

class TerminalLifeTest : public LifeTest {
 protected:
  absl::StatusOr<ledger::Outcome> Renew(const std::string& terminal) {
    RenewTerminalCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                            .id = *TerminalId::Parse(terminal, "id"),
                                            .certificate_pem = "NEW"});
    return ledger_.Run(command);
  }
  TerminalState StateOf(const std::string& terminal) {
    const TerminalNumber number = **FindTerminal(ledger_.store(), "m-1", terminal);
    return TerminalByNumber(ledger_.store(), number)->state;
  }
};

TEST_F(TerminalLifeTest, ABlockedTerminalIsUnblocked) {
  AddLot(100, absl::Hours(1));
  ASSERT_OK(Put("t-1", kActive));  // Where it stands already.
  ASSERT_OK(Put("t-1", kBlocked));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kTerminalNotActive));
  ASSERT_OK(Put("t-1", kActive));
  Buy(10);
}

TEST_F(TerminalLifeTest, ARetiredTerminalStaysSo) {
  EXPECT_THAT(Put("t-9", kRetired), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK(Put("t-1", kBlocked));
  ASSERT_OK(Put("t-1", kRetired));
  ASSERT_OK(Put("t-1", kRetired));
  EXPECT_THAT(Put("t-1", kActive), Refuses(Reason::kTerminalState, "name"));
  EXPECT_THAT(Put("t-1", kBlocked), Refuses(Reason::kTerminalState, "name"));
  EXPECT_EQ(StateOf("t-1"), kRetired);
  EXPECT_EQ(StateOf("t-2"), kActive);
}

TEST_F(TerminalLifeTest, ARetiredTerminalCallsNothing) {
  AddLot(100, absl::Hours(1));
  const Sequence bought = Buy(10);
  const Sequence held = Hold(10);
  ASSERT_OK(Put("t-1", kRetired));
  EXPECT_THAT(Purchase(NextCall(), 10), Declines(Reason::kTerminalNotActive));
  EXPECT_THAT(Authorize(NextCall(), 10), Declines(Reason::kTerminalNotActive));
  EXPECT_THAT(Capture(NextCall(), held, 10), Declines(Reason::kTerminalNotActive));
  EXPECT_THAT(Void(NextCall(), held), Declines(Reason::kTerminalNotActive));
  EXPECT_THAT(Refund(NextCall(), bought, 10), Declines(Reason::kTerminalNotActive));
  EXPECT_THAT(Reverse(NextCall(), {.batch_number = 1, .trace_number = 1}),
              Declines(Reason::kTerminalNotActive));
  // What it held is the merchant's to capture, at another terminal.
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome captured, Capture(NextCall("t-2"), held, 10));
  EXPECT_TRUE(captured.first().entry().has_capture());
}

TEST_F(TerminalLifeTest, OnlyATerminalThatWorksIsRenewed) {
  EXPECT_THAT(Renew("t-9"), Refuses(Reason::kNotFound, "name"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome renewed, Renew("t-1"));
  EXPECT_EQ(renewed.first().terminal_renewed().certificate_pem(), "NEW");
  ASSERT_OK(Put(MerchantState::kSuspended));
  ASSERT_OK(Renew("t-1"));
  ASSERT_OK(Put("t-1", kBlocked));
  EXPECT_THAT(Renew("t-1"), Refuses(Reason::kTerminalNotActive, "name"));
  ASSERT_OK(Put("t-2", kRetired));
  ASSERT_OK(Put(MerchantState::kClosed));
  EXPECT_THAT(Renew("t-2"), Refuses(Reason::kTerminalNotActive, "name"));
  ASSERT_OK(Put("t-1", kActive));
  EXPECT_THAT(Renew("t-1"), Refuses(Reason::kMerchantNotActive));
}

}  // namespace
}  // namespace puhui::merchant
