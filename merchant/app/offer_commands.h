// SPDX-License-Identifier: Apache-2.0
// What becomes of offers: written, changed, published, withdrawn, restocked. Whose offer it is, the
// caller has judged: that never changes.
#ifndef PUHUI_MERCHANT_APP_OFFER_COMMANDS_H_
#define PUHUI_MERCHANT_APP_OFFER_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// What every command about offers needs.
struct OfferDesk {
  Tables* tables;
  absl::TimeZone merchant_zone{};  // Of the days of merchants that name none.
};

// Records: OfferCreated.
// Refuses: INVALID_FIELD (as RefuseContent), NOT_FOUND (the merchant), MERCHANT_NOT_ACTIVE (not
// accepted, or closed).
class CreateOfferCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    OfferContent content{};  // Of the window the days; without a category that of the merchant.
    std::int64_t stock = 0;  // Of an item or seats.
    std::string person{};
  };
  CreateOfferCommand(OfferDesk desk, Wish wish) : desk_(desk), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  const OfferDesk desk_;
  const Wish wish_;
};

// What of an offer is to be replaced.
struct OfferFields {
  bool title = false;
  bool text = false;
  bool benefit = false;
  bool category = false;
  bool regions = false;
  bool audience = false;
  bool first_day = false;
  bool last_day = false;
  bool per_member_limit = false;
  bool pictures = false;
  bool fulfilments = false;
  bool transferable = false;
  bool voucher_days = false;
  bool external_codes = false;
};

// Records: OfferChanged.
// Refuses: NOT_FOUND, INVALID_FIELD (another kind, as RefuseContent), MERCHANT_NOT_ACTIVE (not
// accepted, or closed), ETAG_MISMATCH.
class UpdateOfferCommand final : public ledger::Command {
 public:
  struct Wish {
    OfferNumber offer{};
    std::string etag{};  // Empty: whatever it is now.
    OfferFields fields{};
    OfferContent content{};  // As of CreateOfferCommand; only the fields count.
    std::string person{};
  };
  UpdateOfferCommand(OfferDesk desk, Wish wish) : desk_(desk), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  OfferContent Changed(const OfferRow& row, const MerchantRow& merchant) const;

  const OfferDesk desk_;
  const Wish wish_;
};

// Records: OfferMoved, to published or withdrawn.
// Refuses: NOT_FOUND, MERCHANT_NOT_ACTIVE (of publishing), ETAG_MISMATCH, OFFER_STATE (it stands
// there already), OFFER_NOT_OPEN (published after its last day).
class MoveOfferCommand final : public ledger::Command {
 public:
  struct Wish {
    OfferNumber offer{};
    std::string etag{};  // Empty: whatever it is now.
    OfferState state{};
    std::string reason{};
    std::string person{};
  };
  MoveOfferCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  absl::optional<ledger::Refusal> CheckPublish(const OfferRow& row, const MerchantRow& merchant,
                                               absl::Time now) const;

  Tables& tables_;
  const Wish wish_;
};

// Records: OfferRestocked.
// Refuses: NOT_FOUND, MERCHANT_NOT_ACTIVE (not accepted, or closed), OFFER_STATE (a discount),
// OFFER_STOCK_LIMIT.
class RestockOfferCommand final : public ledger::Command {
 public:
  struct Wish {
    OfferNumber offer{};
    std::int64_t change = 0;
    std::string person{};
  };
  // Requires: wish.change is within kOfferStockMax, up or down.
  RestockOfferCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_COMMANDS_H_
