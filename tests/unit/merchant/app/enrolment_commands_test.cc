// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/enrolment_commands.h"

#include "ledger/base/limits.h"
#include "merchant/app/enrolment_queries.h"
#include "tests/unit/merchant/app/life_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ::testing::ElementsAre;

// Matches an outcome that is a refused code, for that fault.
MATCHER_P(Faults, fault, "") {
  if (!arg.ok()) {
    *result_listener << "which is " << arg.status();
    return false;
  }
  *result_listener << "which is " << arg->first().ShortDebugString();
  return arg->first().has_enrolment_code_refused() &&
         arg->first().enrolment_code_refused().fault() == fault;
}

class EnrolmentCommandsTest : public LifeTest {
 protected:
  static constexpr std::uint64_t kCode = 0xC0DE;

  absl::StatusOr<ledger::Outcome> Make(const std::string& id, std::uint64_t code = kCode,
                                       const std::string& merchant = "m-1",
                                       const std::string& store = "s-1") {
    CreateEnrolmentCodeCommand command(&tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                                  .store = *StoreId::Parse(store, "id"),
                                                  .id = *TerminalId::Parse(id, "id"),
                                                  .code = testing::TagOf(code),
                                                  .lifetime = absl::Hours(24),
                                                  .person = "people/qian"});
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Show(const std::string& id, std::uint64_t code = kCode,
                                       const std::string& merchant = "m-1",
                                       const std::string& store = "s-1",
                                       std::uint64_t request = 0) {
    EnrollWithCodeCommand command(&tables_,
                                  {.merchant = *MerchantId::Parse(merchant, "id"),
                                   .store = *StoreId::Parse(store, "id"),
                                   .id = *TerminalId::Parse(id, "id"),
                                   .certificate_pem = "PEM"},
                                  testing::TagOf(code));
    if (request != 0) command.request = testing::RequestOf(request, 0);
    return ledger_.Run(command);
  }
  EnrolmentCodeRow Code(const std::string& id, std::uint32_t merchant = 1) {
    return *(*FindTerminalOrCode(ledger_.store(), MerchantNumber{merchant}, id))->code;
  }
};

TEST_F(EnrolmentCommandsTest, ACodeEnrolsItsTerminalOnce) {
  ASSERT_OK(Make("t-9"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Show("t-9"));
  EXPECT_TRUE(enrolled.first().terminal_enrolled().with_code());
  EXPECT_EQ(enrolled.first().terminal_enrolled().certificate_pem(), "PEM");
  EXPECT_EQ(Code("t-9").state, EnrolmentCodeState::kUsed);
  AddLot(100, absl::Hours(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome bought, Purchase(NextCall("t-9"), 10));
  EXPECT_TRUE(bought.first().entry().has_purchase());
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_USED));
}

TEST_F(EnrolmentCommandsTest, ARepeatedCallGetsTheSameCertificateAndCountsOnce) {
  ASSERT_OK(Make("t-9"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome wrong, Show("t-9", 1, "m-1", "s-1", 7));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome again, Show("t-9", 1, "m-1", "s-1", 7));
  EXPECT_EQ(again.first().sequence(), wrong.first().sequence());
  EXPECT_EQ(Code("t-9").wrong, 1U);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Show("t-9", kCode, "m-1", "s-1", 8));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome second, Show("t-9", kCode, "m-1", "s-1", 8));
  EXPECT_EQ(second.first().SerializeAsString(), first.first().SerializeAsString());
}

TEST_F(EnrolmentCommandsTest, CodesAreRefusedInOrder) {
  tables_.merchants.Edit(MerchantNumber{1}).state = MerchantState::kSuspended;
  EXPECT_THAT(Make("t-9", kCode, "m-9"), Refuses(Reason::kNotFound, "store"));
  EXPECT_THAT(Make("t-1", kCode, "m-1", "s-9"), Refuses(Reason::kNotFound, "store"));
  for (const TerminalState state :
       {TerminalState::kActive, TerminalState::kBlocked, TerminalState::kRetired}) {
    ASSERT_OK(Put("t-1", state));
    EXPECT_THAT(Make("t-1"), Refuses(Reason::kAlreadyExists, "terminal_id"));
  }
  EXPECT_THAT(Make("t-9"), Refuses(Reason::kMerchantNotActive));
}

// What an installer is told is one thing; what the merchant finds is what it was.
TEST_F(EnrolmentCommandsTest, WhateverIsWrongIsRecordedAndEnrolsNothing) {
  EXPECT_THAT(Show("t-9", kCode, "m-9"), Faults(jv1::ENROLMENT_CODE_FAULT_NONE_MADE));
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_NONE_MADE));
  EXPECT_THAT(Show("t-1"), Faults(jv1::ENROLMENT_CODE_FAULT_NONE_MADE));  // Enrolled without one.
  ASSERT_OK(Make("t-9"));
  EXPECT_THAT(Show("t-9", kCode, "m-1", "s-9"), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  EXPECT_THAT(Show("t-9", 1), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  // Of one merchant for the other, and of one terminal for the next.
  EXPECT_THAT(Show("t-9", kCode, "m-2"), Faults(jv1::ENROLMENT_CODE_FAULT_NONE_MADE));
  ASSERT_OK(Make("t-9", 2, "m-2"));
  EXPECT_THAT(Show("t-9", kCode, "m-2"), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  ASSERT_OK(Make("t-8", 3));
  EXPECT_THAT(Show("t-8"), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  EXPECT_EQ(Code("t-9").wrong, 2U);
  EXPECT_EQ(Code("t-9", 2).wrong, 1U);
  ledger_.clock().Advance(absl::Hours(25));
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_EXPIRED));
  EXPECT_THAT(Show("t-9", 1), Faults(jv1::ENROLMENT_CODE_FAULT_EXPIRED));
  EXPECT_EQ(Code("t-9").wrong, 2U);
  EXPECT_FALSE((*FindTerminal(ledger_.store(), "m-1", "t-9")).has_value());
}

TEST_F(EnrolmentCommandsTest, ACodeIsGoodForItsWholeTime) {
  ASSERT_OK(Make("t-9"));
  ledger_.clock().Advance(absl::Hours(24) - absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Show("t-9"));
  EXPECT_TRUE(enrolled.first().has_terminal_enrolled());
}

TEST_F(EnrolmentCommandsTest, TenWrongOnesMakeACodeVoid) {
  ASSERT_OK(Make("t-9"));
  for (std::uint32_t i = 1; i <= kWrongEnrolmentCodesMax; ++i) {
    ASSERT_OK_AND_ASSIGN(const ledger::Outcome outcome, Show("t-9", i));
    EXPECT_EQ(outcome.first().enrolment_code_refused().wrong(), i);
    EXPECT_EQ(outcome.first().enrolment_code_refused().voided(), i == kWrongEnrolmentCodesMax);
  }
  EXPECT_EQ(Code("t-9").state, EnrolmentCodeState::kVoid);
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_VOID));
  EXPECT_EQ(Code("t-9").wrong, kWrongEnrolmentCodesMax);
  ASSERT_OK(Make("t-9", 2));  // Another begins anew.
  EXPECT_EQ(Code("t-9").wrong, 0U);
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Show("t-9", 2));
  EXPECT_TRUE(enrolled.first().has_terminal_enrolled());
}

TEST_F(EnrolmentCommandsTest, AnotherCodeMakesTheEarlierOneVoid) {
  ASSERT_OK(Make("t-9", 1));
  ASSERT_OK(Make("t-9", 2));
  EXPECT_THAT(Show("t-9", 1), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Show("t-9", 2));
  EXPECT_TRUE(enrolled.first().has_terminal_enrolled());
}

TEST_F(EnrolmentCommandsTest, EnrollingWithoutItMakesACodeVoid) {
  ASSERT_OK(Make("t-9"));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Enroll("m-1", "t-9"));
  EXPECT_FALSE(enrolled.first().terminal_enrolled().with_code());
  EXPECT_EQ(Code("t-9").state, EnrolmentCodeState::kVoid);
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_VOID));
}

// Whoever shows the right code may know; it stays good for when the merchant sells again.
TEST_F(EnrolmentCommandsTest, AMerchantThatDoesNotSellGetsNoTerminal) {
  ASSERT_OK(Make("t-9"));
  ASSERT_OK(Put(MerchantState::kSuspended));
  EXPECT_THAT(Show("t-9", 1), Faults(jv1::ENROLMENT_CODE_FAULT_WRONG));
  EXPECT_THAT(Show("t-9"), Refuses(Reason::kMerchantNotActive));
  ASSERT_OK(Put(MerchantState::kActive));
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome enrolled, Show("t-9"));
  EXPECT_TRUE(enrolled.first().has_terminal_enrolled());
}

TEST_F(EnrolmentCommandsTest, TwoOfOneUndurableGroupDoNotUseOneCode) {
  ASSERT_OK(Make("t-9"));
  ledger_.Hold();
  ASSERT_OK_AND_ASSIGN(const ledger::Outcome first, Show("t-9"));
  EXPECT_TRUE(first.first().has_terminal_enrolled());
  EXPECT_THAT(Show("t-9"), Faults(jv1::ENROLMENT_CODE_FAULT_USED));
  ledger_.Release();
}

TEST_F(EnrolmentCommandsTest, TerminalsAndCodesAreListedTogetherById) {
  for (const char* id : {"t-0", "t-10", "t-3"}) ASSERT_OK(Make(id));
  ASSERT_OK(Show("t-10"));
  ASSERT_OK(Make("t-5", kCode, "m-2"));
  const auto ids = [this](const std::string& after, std::size_t limit) {
    std::vector<std::string> result;
    const auto found = ListTerminalsAndCodes(ledger_.store(), MerchantNumber{1}, after, limit);
    for (const FoundTerminal& terminal : *found) {
      result.push_back(terminal.id + (terminal.row.has_value() ? " row" : "") +
                       (terminal.code.has_value() ? " code" : ""));
    }
    return result;
  };
  EXPECT_THAT(ids("", 10),
              ElementsAre("t-0 code", "t-1 row", "t-10 row code", "t-2 row", "t-3 code"));
  EXPECT_THAT(ids("", 3), ElementsAre("t-0 code", "t-1 row", "t-10 row code"));
  EXPECT_THAT(ids("t-10", 1), ElementsAre("t-2 row"));
  EXPECT_THAT(ids("t-3", 1), ElementsAre());
  EXPECT_FALSE((*FindTerminalOrCode(ledger_.store(), MerchantNumber{1}, "t-5")).has_value());
}

}  // namespace
}  // namespace puhui::merchant
