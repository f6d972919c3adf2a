// SPDX-License-Identifier: Apache-2.0
// How merchants and terminals come in: applications, decisions, and codes that are good, wrong,
// late, used or void.
#include "merchant/app/enrolment_commands.h"
#include "merchant/app/enrolment_queries.h"
#include "merchant/app/merchant_application_commands.h"
#include "merchant/app/queries.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <memory>

namespace puhui::testing {
namespace {

using ledger::Reason;

constexpr std::uint32_t kSellers = 3;  // The merchants that are there from the beginning.

MerchantId ApplicantOf(std::uint32_t id) {
  return *MerchantId::Parse(absl::StrCat("applicant-", id), "id");
}

std::uint32_t SellerOf(std::uint32_t terminal) { return 1 + terminal % kSellers; }

merchant::EnrollTerminalCommand::Wish NewcomerOf(std::uint32_t terminal) {
  return {.merchant = *MerchantId::Parse(absl::StrCat("m-", SellerOf(terminal)), "id"),
          .store = *StoreId::Parse("s-1", "id"),
          .id = *TerminalId::Parse(absl::StrCat("n-", terminal), "id"),
          .certificate_pem = "PEM"};
}

ledger::Tag CodeHashOf(std::uint64_t code) { return TagOf(code * 4 + 1); }

}  // namespace

void RandomDriver::ComeIn() {
  switch (random_.Below(5)) {
    case 0:
      return ApplyForMerchant();
    case 1:
      return DecideOnMerchant();
    case 2:
      return MakeCode();
    default:
      return ShowCode();
  }
}

void RandomDriver::ApplyForMerchant() {
  const auto id = static_cast<std::uint32_t>(random_.Below(4 + enrolment_.applicants.size()));
  const std::string person = AnyPerson();
  Verdict expected;
  if (enrolment_.applicants.contains(id)) {
    expected = Reason::kAlreadyExists;
  } else {
    enrolment_.applicants[id] = {.person = person};
  }
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::ApplyMerchantCommand>(
               &ledger_.merchant(),
               merchant::ApplyMerchantCommand::Wish{.id = ApplicantOf(id), .person = person});
         }));
}

void RandomDriver::DecideOnMerchant() {
  const auto id = static_cast<std::uint32_t>(random_.Below(2 + enrolment_.applicants.size()));
  const std::string person = AnyPerson();
  const bool accept = random_.Below(2) == 0;
  const auto rate = static_cast<std::uint32_t>(accept ? random_.Below(1'500) : 0);
  const auto at = enrolment_.applicants.find(id);
  Verdict expected;
  if (at == enrolment_.applicants.end()) {
    expected = Reason::kNotFound;
  } else if (at->second.person == person) {
    expected = Reason::kSamePerson;
  } else if (at->second.standing != ModelEnrolment::Standing::kApplied) {
    expected = Reason::kMerchantState;
  } else {
    at->second.standing =
        accept ? ModelEnrolment::Standing::kActive : ModelEnrolment::Standing::kRejected;
    at->second.rate = rate;
  }
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::DecideMerchantCommand>(
               &ledger_.merchant(),
               merchant::DecideMerchantCommand::Wish{.merchant = ApplicantOf(id),
                                                     .accept = accept,
                                                     .reason = "seen",
                                                     .fee_rate = BasisPoints::FromStored(rate),
                                                     .person = person});
         }));
}

void RandomDriver::MakeCode() {
  const auto id = static_cast<std::uint32_t>(random_.Below(4 + enrolment_.terminals.size()));
  const std::uint64_t code = ++drawn_;
  ModelEnrolment::Terminal& terminal = enrolment_.terminals[id];
  Verdict expected;
  if (terminal.enrolled) {
    expected = Reason::kAlreadyExists;
  } else if (model_.merchants[SellerOf(id)].standing != LedgerModel::MerchantStanding::kActive) {
    expected = Reason::kMerchantNotActive;
  } else {
    terminal.code = {.code = code, .expiry = NextTime() + absl::Hours(24)};
  }
  const merchant::EnrollTerminalCommand::Wish wish = NewcomerOf(id);
  Expect(expected, Run([=, this] {
           return std::make_unique<merchant::CreateEnrolmentCodeCommand>(
               &ledger_.merchant(),
               merchant::CreateEnrolmentCodeCommand::Wish{.merchant = wish.merchant,
                                                          .store = wish.store,
                                                          .id = wish.id,
                                                          .code = CodeHashOf(code),
                                                          .lifetime = absl::Hours(24),
                                                          .person = "somebody"});
         }));
}

void RandomDriver::ShowCode() {
  const auto id = static_cast<std::uint32_t>(random_.Below(1 + enrolment_.terminals.size()));
  std::uint64_t code = ++drawn_;
  const auto at = enrolment_.terminals.find(id);
  const bool made = at != enrolment_.terminals.end() && at->second.code.has_value();
  if (made && random_.Below(8) == 0) code = at->second.code->code;
  const bool sells =
      model_.merchants[SellerOf(id)].standing == LedgerModel::MerchantStanding::kActive;
  const journal::v1::EnrolmentCodeFault fault = enrolment_.Show(id, code, NextTime());
  const auto outcome = Run([=, this] {
    return std::make_unique<merchant::EnrollWithCodeCommand>(&ledger_.merchant(), NewcomerOf(id),
                                                             CodeHashOf(code));
  });
  if (fault != journal::v1::ENROLMENT_CODE_FAULT_UNSPECIFIED) {
    ASSERT_OK(outcome);
    EXPECT_EQ(outcome->first().enrolment_code_refused().fault(), fault);
    return;
  }
  if (!Expect(sells ? Verdict() : Verdict(Reason::kMerchantNotActive), outcome)) return;
  EXPECT_TRUE(outcome->first().terminal_enrolled().with_code());
  enrolment_.terminals[id].enrolled = true;
  enrolment_.terminals[id].code->used = true;
}

void RandomDriver::CompareEnrolment() {
  for (const auto& [id, expected] : enrolment_.applicants) {
    const auto found = merchant::FindMerchant(ledger_.store(), ApplicantOf(id).text());
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ(static_cast<int>((*found)->row.state), static_cast<int>(expected.standing));
    EXPECT_EQ((*found)->row.applicant, expected.person);
    EXPECT_EQ((*found)->row.fee_rate.value(), expected.rate);
  }
  for (const auto& [id, expected] : enrolment_.terminals) {
    const auto found = merchant::FindTerminalOrCode(ledger_.store(), MerchantNumber{SellerOf(id)},
                                                    absl::StrCat("n-", id));
    ASSERT_OK(found);
    ASSERT_EQ(found->has_value(), expected.code.has_value());
    if (!found->has_value()) continue;
    EXPECT_EQ((*found)->row.has_value(), expected.enrolled);
    const merchant::EnrolmentCodeRow& code = *(*found)->code;
    EXPECT_EQ(code.code, CodeHashOf(expected.code->code));
    EXPECT_EQ(code.wrong, expected.code->wrong);
    EXPECT_EQ(code.state == merchant::EnrolmentCodeState::kUsed, expected.code->used);
    EXPECT_EQ(code.state == merchant::EnrolmentCodeState::kVoid, expected.code->voided);
  }
}

}  // namespace puhui::testing
