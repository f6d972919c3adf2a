// SPDX-License-Identifier: Apache-2.0
// What becomes of vouchers, and of codes from elsewhere.
#ifndef PUHUI_MERCHANT_APP_VOUCHER_COMMANDS_H_
#define PUHUI_MERCHANT_APP_VOUCHER_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/till_commands.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Hands out what was ordered. Moves nothing, and counts in no batch. Another merchant's voucher is
// as good as made up: any other answer would tell that it exists.
// Refuses: VOUCHERS_BLOCKED, VOUCHER_UNKNOWN, REVERSED_BEFORE_ARRIVAL, TRACE_NUMBER_USED,
// TERMINAL_NOT_ACTIVE, MERCHANT_NOT_ACTIVE, BATCH_CLOSED, as RefuseVoucher, VOUCHER_OTHER_STORE.
class RedeemVoucherCommand final : public TillCommand {
 public:
  RedeemVoucherCommand(TillState state, TillCall call, const ledger::Tag& digits)
      : TillCommand(state, std::move(call)), digits_(digits) {}
  void StorePersonalData() override;

 private:
  absl::optional<ledger::Refusal> Carry(const Till& till, const ledger::DecideContext& context,
                                        ledger::Decision& decision) override;
  void Describe(journal::v1::Declined& declined) const override;
  // VOUCHERS_BLOCKED, VOUCHER_UNKNOWN.
  absl::optional<ledger::Refusal> FindOrder(const Till& till, absl::Time now);

  const ledger::Tag digits_;
  Sequence order_ = 0;          // Once it is found.
  absl::Time blocked_until_{};  // By this one, which was one too many.
  bool redeemed_ = false;
};

// VOUCHER_REDEEMED, VOUCHER_VOID, VOUCHER_EXPIRED.
absl::optional<ledger::Refusal> RefuseVoucher(VoucherState state);

// Gives a voucher to another member, with new digits: those that the giver knows are void.
// Refuses: NOT_FOUND (the voucher, or the recipient), MEMBER_NOT_ACTIVE, as RefuseVoucher,
// VOUCHER_NOT_TRANSFERABLE.
class TransferVoucherCommand final : public ledger::Command {
 public:
  struct Wish {
    Sequence order = 0;
    MemberId holder{};  // Who asks.
    MemberId recipient{};
    FreshVoucher voucher{};
  };
  TransferVoucherCommand(TillState state, Wish wish) : state_(state), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  const TillState state_;
  const Wish wish_;
  ledger::Tag old_digits_{};
};

// Codes from elsewhere, for orders of an offer. One that the merchant brought before, or that is
// there twice, is left out and counted.
// Refuses: NOT_FOUND (nobody but its merchant sees it here), ORDER_NOT_OFFERED,
// VOUCHER_CODES_LIMIT.
class AddVoucherCodesCommand final : public ledger::Command {
 public:
  struct Wish {
    std::string merchant_id{};
    OfferNumber offer{};
    std::vector<SealedCode> codes{};  // At most kVoucherCodesChunk.
    std::string person{};             // The person behind the identity.
  };
  AddVoucherCodesCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  Tables& tables_;
  const Wish wish_;
  std::uint32_t first_place_ = 0;
  std::vector<const SealedCode*> added_{};
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_VOUCHER_COMMANDS_H_
