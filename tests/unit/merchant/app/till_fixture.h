// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_TILL_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_TILL_FIXTURE_H_

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/applier.h"
#include "merchant/app/authorization_commands.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/reverse_command.h"
#include "merchant/app/terminal_life_commands.h"
#include "merchant/app/till_commands.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/origin_budgets.h"
#include "tests/support/refusal_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

inline constexpr std::uint32_t kGrocer = 5411;
inline constexpr std::uint32_t kBookshop = 5942;
inline const MemberId kMember(1, 1);
inline const ledger::Tag kCard = testing::TagOf(0xCA6D);

// A till at the grocer "m-1" with terminals "t-1" and "t-2" and a fee of 2.5 %, which may name
// goods, and a member whose lots tests add. Another merchant, "m-2", has "t-1" too, which may not.
class TillTest : public ::testing::Test {
 protected:
  TillTest() : tables_(&ledger_.set()), applier_(&tables_, &ledger_.views()) {
    ledger_.Attach(&applier_);
    ledger_.views().expired_points = &expired_points_;
    for (const char* id : {"m-1", "m-2"}) {
      RegisterMerchantCommand registered(&tables_, {.id = *MerchantId::Parse(id, "id"),
                                                    .display_name = "Grocer",
                                                    .category = kGrocer,
                                                    .fee_rate = BasisPoints::FromStored(250),
                                                    .goods_named = id == std::string("m-1")});
      PUHUI_CHECK_OK(ledger_.Run(registered).status());
      CreateStoreCommand store(
          &tables_, {.merchant = *MerchantId::Parse(id, "id"), .id = *StoreId::Parse("s-1", "id")});
      PUHUI_CHECK_OK(ledger_.Run(store).status());
      PUHUI_CHECK_OK(Enroll(id, "t-1").status());
    }
    PUHUI_CHECK_OK(Enroll("m-1", "t-2").status());
    Run([](ledger::Decision& decision) { testing::AddMember(kMember, kCard, decision); });
  }

  absl::StatusOr<ledger::Outcome> Enroll(const std::string& merchant, const std::string& id) {
    EnrollTerminalCommand command(&tables_, {.merchant = *MerchantId::Parse(merchant, "id"),
                                             .store = *StoreId::Parse("s-1", "id"),
                                             .id = *TerminalId::Parse(id, "id"),
                                             .certificate_pem = "PEM"});
    return ledger_.Run(command);
  }
  void Block(const std::string& terminal) {
    ChangeTerminalStateCommand command(&tables_, *MerchantId::Parse("m-1", "id"),
                                       *TerminalId::Parse(terminal, "id"), TerminalState::kBlocked);
    PUHUI_CHECK_OK(ledger_.Run(command).status());
  }
  void Run(std::function<void(ledger::Decision&)> add) {
    PUHUI_CHECK_OK(ledger_.Run(*testing::Always(std::move(add))).status());
  }
  // Gives the member a lot of its own campaign and union, which have the lot's number.
  void AddLot(std::int64_t points, absl::Duration expires_in,
              std::vector<std::uint32_t> categories = {}) {
    const std::uint32_t number = ++lots_;
    const absl::Time expiry = ledger_.clock().Now() + expires_in;
    Run([&](ledger::Decision& decision) {
      testing::AddFunding(number, points, decision);
      testing::AddCampaign({.number = number,
                            .origin = number,
                            .expiry = expiry,
                            .categories = std::move(categories)},
                           decision);
      testing::AddApproval(number, number, points, decision);
      testing::AddGrant({.campaign = number,
                         .origin = number,
                         .member = kMember,
                         .lot = number,
                         .points = points,
                         .expiry = expiry},
                        decision);
    });
  }

  // A call of m-1's t-1 under the next trace number.
  TillCall NextCall(std::string terminal = "t-1") {
    return {.merchant_id = "m-1",
            .terminal_id = std::move(terminal),
            .batch_number = 1,
            .trace_number = ++trace_,
            .local_time = ledger_.clock().Now()};
  }
  TillState State() { return {&tables_, &ledger_.views()}; }
  // Under the request id `request`; 0: the next of its own.
  absl::StatusOr<ledger::Outcome> Submit(TillCommand& command, std::uint64_t request = 0,
                                         std::uint64_t body = 0) {
    command.request = testing::RequestOf(request != 0 ? request : ++requests_, body);
    return ledger_.Run(command);
  }
  absl::StatusOr<ledger::Outcome> Purchase(TillCall call, std::int64_t points,
                                           std::uint64_t request = 0, std::uint64_t body = 0) {
    PurchaseCommand command(
        State(), std::move(call),
        {.card = kCard, .points = Points::FromStored(points), .authorization_code = "A1B2C3"});
    return Submit(command, request, body);
  }
  absl::StatusOr<ledger::Outcome> Refund(TillCall call, Sequence purchase, std::int64_t points,
                                         std::uint64_t request = 0) {
    RefundCommand command(State(), std::move(call), purchase, Points::FromStored(points));
    return Submit(command, request);
  }
  absl::StatusOr<ledger::Outcome> Reverse(TillCall call, ReverseCommand::Original original) {
    ReverseCommand command(State(), std::move(call), std::move(original));
    return Submit(command);
  }
  absl::StatusOr<ledger::Outcome> Authorize(TillCall call, std::int64_t points,
                                            absl::Duration lifetime = absl::Hours(24 * 7),
                                            std::uint64_t request = 0) {
    AuthorizeCommand command(
        State(), std::move(call),
        {.card = kCard, .points = Points::FromStored(points), .authorization_code = "A1B2C3"},
        lifetime);
    return Submit(command, request);
  }
  absl::StatusOr<ledger::Outcome> Capture(TillCall call, Sequence authorization,
                                          std::int64_t points, std::uint64_t request = 0) {
    CaptureCommand command(State(), std::move(call), authorization, Points::FromStored(points));
    return Submit(command, request);
  }
  absl::StatusOr<ledger::Outcome> Void(TillCall call, Sequence authorization,
                                       std::uint64_t request = 0) {
    VoidCommand command(State(), std::move(call), authorization);
    return Submit(command, request);
  }
  // A purchase that must succeed; its sequence.
  Sequence Buy(std::int64_t points) {
    const auto outcome = Purchase(NextCall(), points);
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().entry().has_purchase());
    return outcome->first().sequence();
  }

  // An authorisation that must succeed; its sequence.
  Sequence Hold(std::int64_t points, absl::Duration lifetime = absl::Hours(24 * 7)) {
    const auto outcome = Authorize(NextCall(), points, lifetime);
    PUHUI_CHECK_OK(outcome.status());
    PUHUI_CHECK(outcome->first().entry().has_authorization());
    return outcome->first().sequence();
  }

  std::int64_t Held() { return ledger_.views().wallets.Find(kMember)->HeldPoints(); }
  std::int64_t Available() {
    return ledger_.views().wallets.Find(kMember)->AvailableAt(ledger_.clock().Now(),
                                                              ledger_.views());
  }
  std::int64_t Balance(ledger::AccountKind kind, std::uint32_t origin) {
    return ledger_.views().Balance({kind, 1, UnionNumber{origin}});
  }
  PurchaseRow Row(Sequence purchase) { return **FindPurchase(ledger_.store(), purchase); }
  AuthorizationRow HoldRow(Sequence authorization) {
    return **FindAuthorization(ledger_.store(), authorization);
  }

  testing::LedgerFixture ledger_;
  Tables tables_;
  MerchantApplier applier_;
  testing::OriginBudgets expired_points_;
  std::uint32_t trace_ = 0;
  std::uint64_t requests_ = 1'000;
  std::uint32_t lots_ = 0;
};

// Matches an outcome that is a Declined record for `reason`.
MATCHER_P(Declines, reason, "") {
  if (!arg.ok()) {
    *result_listener << "which is " << arg.status();
    return false;
  }
  if (!arg->first().has_declined()) {
    *result_listener << "which is " << arg->first().ShortDebugString();
    return false;
  }
  const ledger::Reason declined = ledger::ReasonFromNumber(arg->first().declined().reason());
  *result_listener << "which is declined with " << ledger::ReasonName(declined);
  return declined == reason;
}

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_TILL_FIXTURE_H_
