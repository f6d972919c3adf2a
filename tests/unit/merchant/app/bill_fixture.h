// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_BILL_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_BILL_FIXTURE_H_

#include "ledger/base/limits.h"
#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/batch_commands.h"
#include "merchant/app/bill_commands.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/terms_fixture.h"

#include <string>
#include <utility>

namespace puhui::merchant {

inline const MemberId kSecondMember(1, 2);

// The till of TermsTest, and a second member, who has nothing yet.
class BillTest : public TermsTest {
 protected:
  BillTest() {
    Run([](ledger::Decision& decision) {
      testing::AddMember(kSecondMember, testing::TagOf(0xCA6E), decision);
    });
  }

  CreateBillCommand::Wish Wish(std::int64_t points,
                               absl::Duration lifetime = kBillLifetimeDefault) {
    return {.points = Points::FromStored(points), .lifetime = lifetime, .token = tokens_.Make()};
  }
  absl::StatusOr<ledger::Outcome> Create(TillCall call, CreateBillCommand::Wish wish,
                                         std::uint64_t request = 0) {
    CreateBillCommand command(State(), std::move(call), std::move(wish));
    return Submit(command, request);
  }
  // As a member reads it.
  ShownBill Read(const journal::v1::Record& record) const {
    const std::string text = tokens_.TextOf(record.sequence(), record.bill_created().nonce());
    return tokens_.Read(*ParseBillText(text));
  }
  // One that must come about.
  ShownBill Present(std::int64_t points, absl::Duration lifetime = kBillLifetimeDefault,
                    const std::string& terminal = "t-1") {
    const auto outcome = Create(NextCall(terminal), Wish(points, lifetime));
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().has_bill_created());
    return Read(outcome->first());
  }
  absl::StatusOr<ledger::Outcome> Pay(const ShownBill& bill, MemberId member = kMember,
                                      std::uint64_t request = 0) {
    PayBillCommand command(State(), bill, member, "A1B2C3");
    command.request =
        testing::RequestOf(request != 0 ? request : ++requests_, 0, "/member/" + member.ToString());
    return ledger_.Run(command);
  }
  bool Pays(const ShownBill& bill, MemberId member = kMember) {
    const auto outcome = Pay(bill, member);
    return outcome.ok() && outcome->first().entry().has_purchase();
  }
  // The till's keys of a bill.
  ReverseCommand::Original KeysOf(const ShownBill& bill) {
    const BillRow* row = tables_.bills.Find(bill.bill);
    PUHUI_CHECK(row != nullptr);
    return {.batch_number = row->batch_number, .trace_number = row->trace_number};
  }
  void GiveSecondMember(std::int64_t points) {
    const std::uint32_t number = ++lots_;
    const absl::Time expiry = ledger_.clock().Now() + absl::Hours(24);
    Run([&](ledger::Decision& decision) {
      testing::AddFunding(number, points, decision);
      testing::AddCampaign({.number = number, .origin = number, .expiry = expiry}, decision);
      testing::AddApproval(number, number, points, decision);
      testing::AddGrant({.campaign = number,
                         .origin = number,
                         .member = kSecondMember,
                         .lot = 1,
                         .points = points,
                         .expiry = expiry},
                        decision);
    });
  }
  void CloseTheBatch(std::uint32_t number) {
    CloseBatchCommand command(&tables_, {.merchant = *MerchantId::Parse("m-1", "id"),
                                         .terminal = *TerminalId::Parse("t-1", "id"),
                                         .batch_number = number,
                                         .told = Batch(number).totals});
    PUHUI_CHECK_OK(ledger_.Run(command).status());
  }
  BatchRow Batch(std::uint32_t number) {
    return *FindBatch(ledger_.store(), {TerminalNumber{1}, number});
  }
  TillOutcome OutcomeOf(const ShownBill& bill) {
    const BillRow* row = tables_.bills.Find(bill.bill);
    PUHUI_CHECK(row != nullptr);
    return tables_.till_calls.Find(row->key())->outcome;
  }

  SeededRandom random_{7};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  const BillTokens tokens_{&keyed_hash_, &random_};
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_BILL_FIXTURE_H_
