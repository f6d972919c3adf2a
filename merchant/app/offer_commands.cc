// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_commands.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/app/business_days.h"
#include "merchant/app/offer_records.h"
#include "merchant/app/offers.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

Refusal NoOffer() {
  return {.reason = Reason::kNotFound, .field = "name", .message = "there is no such offer"};
}

// A suspended merchant goes on writing: it will sell again.
absl::optional<Refusal> RefuseWriter(MerchantState state) {
  if (state == MerchantState::kActive || state == MerchantState::kSuspended) return absl::nullopt;
  return Refusal{.reason = Reason::kMerchantNotActive,
                 .message = "the merchant was not accepted, or was closed"};
}

absl::optional<Refusal> RefuseEtag(OfferNumber number, const OfferRow& row, const std::string& etag,
                                   absl::string_view field) {
  if (etag.empty() || etag == EtagOf(number, row.version)) return absl::nullopt;
  return Refusal{.reason = Reason::kEtagMismatch,
                 .field = std::string(field),
                 .message = "the offer was changed since it was read"};
}

// With what the merchant says where the offer does not.
OfferContent Settled(OfferContent content, const MerchantRow& merchant, absl::TimeZone otherwise) {
  if (content.category == 0) content.category = merchant.category;
  content.window =
      ResolveWindow(content.window.first_day, content.window.last_day, ZoneOf(merchant, otherwise));
  return content;
}

const MerchantRow& MerchantOf(Tables& tables, const OfferRow& row) {
  const MerchantRow* merchant = tables.merchants.Find(row.merchant);
  PUHUI_CHECK(merchant != nullptr);
  return *merchant;
}

}  // namespace

absl::optional<Refusal> CreateOfferCommand::Decide(const ledger::DecideContext& /*context*/,
                                                   ledger::Decision& decision) {
  if (auto refusal = RefuseContent(wish_.content)) return refusal;
  Tables& tables = *desk_.tables;
  const MerchantNumber* number = tables.merchant_ids.Find(wish_.merchant.text());
  if (number == nullptr) {
    return Refusal{.reason = Reason::kNotFound,
                   .field = "offer.merchant",
                   .message = "there is no such merchant"};
  }
  const MerchantRow* merchant = tables.merchants.Find(*number);
  PUHUI_CHECK(merchant != nullptr);
  if (auto refusal = RefuseWriter(merchant->state)) return refusal;
  jv1::OfferCreated& created = *decision.Add().mutable_offer_created();
  created.set_offer(static_cast<std::uint32_t>(tables.NextOffer()));
  created.set_merchant(static_cast<std::uint32_t>(*number));
  *created.mutable_content() = RecordOf(Settled(wish_.content, *merchant, desk_.merchant_zone));
  created.set_stock(wish_.stock);
  created.set_person(wish_.person);
  return absl::nullopt;
}

OfferContent UpdateOfferCommand::Changed(const OfferRow& row, const MerchantRow& merchant) const {
  const OfferFields& fields = wish_.fields;
  const OfferContent& from = wish_.content;
  OfferContent to = row.content;
  if (fields.title) to.title = from.title;
  if (fields.text) to.text = from.text;
  if (fields.benefit) {
    to.kind = from.kind;
    to.discount = from.discount;
    to.price = from.price;
    to.components = from.components;
    to.journey = from.journey;
  }
  if (fields.category) to.category = from.category;
  if (fields.regions) to.regions = from.regions;
  if (fields.audience) to.audience = from.audience;
  if (fields.first_day) to.window.first_day = from.window.first_day;
  if (fields.last_day) to.window.last_day = from.window.last_day;
  if (fields.per_member_limit) to.per_member_limit = from.per_member_limit;
  if (fields.pictures) to.pictures = from.pictures;
  if (fields.fulfilments) to.fulfilments = from.fulfilments;
  if (fields.transferable) to.transferable = from.transferable;
  if (fields.voucher_days) to.voucher_days = from.voucher_days;
  if (fields.external_codes) to.external_codes = from.external_codes;
  const bool days = fields.first_day || fields.last_day;
  // Moments stay as they were unless their days change: the zone's rules were asked once.
  const DayWindow window = to.window;
  to = Settled(std::move(to), merchant, desk_.merchant_zone);
  if (!days) to.window = window;
  return to;
}

absl::optional<Refusal> UpdateOfferCommand::Decide(const ledger::DecideContext& /*context*/,
                                                   ledger::Decision& decision) {
  Tables& tables = *desk_.tables;
  const OfferRow* row = tables.offers.Find(wish_.offer);
  if (row == nullptr) return NoOffer();
  const MerchantRow& merchant = MerchantOf(tables, *row);
  if (wish_.fields.benefit && wish_.content.kind != row->content.kind) {
    return Refusal{.reason = Reason::kInvalidField,
                   .field = "offer.benefit",
                   .message = "an offer stays of its kind; want another offer"};
  }
  const OfferContent changed = Changed(*row, merchant);
  if (auto refusal = RefuseContent(changed)) return refusal;
  if (auto refusal = RefuseWriter(merchant.state)) return refusal;
  if (auto refusal = RefuseEtag(wish_.offer, *row, wish_.etag, "offer.etag")) return refusal;
  jv1::OfferChanged& record = *decision.Add().mutable_offer_changed();
  record.set_offer(static_cast<std::uint32_t>(wish_.offer));
  record.set_version(row->version + 1);
  *record.mutable_content() = RecordOf(changed);
  record.set_state(static_cast<std::uint32_t>(row->state));
  record.set_person(wish_.person);
  record.set_merchant(static_cast<std::uint32_t>(row->merchant));
  record.set_create_time_micros(absl::ToUnixMicros(row->create_time));
  return absl::nullopt;
}

absl::optional<Refusal> MoveOfferCommand::CheckPublish(const OfferRow& row,
                                                       const MerchantRow& merchant,
                                                       absl::Time now) const {
  if (auto refusal = RefuseMerchant(merchant.state)) return refusal;
  if (auto refusal = RefuseEtag(wish_.offer, row, wish_.etag, "etag")) return refusal;
  if (row.state == OfferState::kPublished) {
    return Refusal{
        .reason = Reason::kOfferState, .field = "name", .message = "the offer is published"};
  }
  // Before its first day it waits; after its last nobody would ever see it.
  return now < row.content.window.start ? absl::nullopt : RefuseOfferTime(row, now);
}

absl::optional<Refusal> MoveOfferCommand::Decide(const ledger::DecideContext& context,
                                                 ledger::Decision& decision) {
  PUHUI_CHECK(wish_.state != OfferState::kDraft);
  const OfferRow* row = tables_.offers.Find(wish_.offer);
  if (row == nullptr) return NoOffer();
  if (wish_.state == OfferState::kPublished) {
    if (auto refusal = CheckPublish(*row, MerchantOf(tables_, *row), context.now)) return refusal;
  } else {
    if (auto refusal = RefuseEtag(wish_.offer, *row, wish_.etag, "etag")) return refusal;
    if (row->state == OfferState::kWithdrawn) {
      return Refusal{
          .reason = Reason::kOfferState, .field = "name", .message = "the offer was withdrawn"};
    }
  }
  jv1::OfferMoved& moved = *decision.Add().mutable_offer_moved();
  moved.set_offer(static_cast<std::uint32_t>(wish_.offer));
  moved.set_version(row->version + 1);
  moved.set_state(static_cast<std::uint32_t>(wish_.state));
  *moved.mutable_content() = RecordOf(row->content);
  moved.set_reason(wish_.reason);
  moved.set_person(wish_.person);
  moved.set_merchant(static_cast<std::uint32_t>(row->merchant));
  moved.set_create_time_micros(absl::ToUnixMicros(row->create_time));
  return absl::nullopt;
}

absl::optional<Refusal> RestockOfferCommand::Decide(const ledger::DecideContext& /*context*/,
                                                    ledger::Decision& decision) {
  PUHUI_CHECK(wish_.change >= -kOfferStockMax && wish_.change <= kOfferStockMax);
  const OfferRow* row = tables_.offers.Find(wish_.offer);
  if (row == nullptr) return NoOffer();
  if (auto refusal = RefuseWriter(MerchantOf(tables_, *row).state)) return refusal;
  if (IsDiscount(row->content.kind)) {
    return Refusal{
        .reason = Reason::kOfferState, .field = "name", .message = "a discount has no stock"};
  }
  if (row->content.external_codes) {
    return Refusal{.reason = Reason::kOfferState,
                   .field = "name",
                   .message = "its stock is the codes that are brought"};
  }
  const OfferStockRow* stock = tables_.offer_stocks.Find(wish_.offer);
  PUHUI_CHECK(stock != nullptr);
  const std::int64_t available = stock->available + wish_.change;
  // What is sold may come back, and has to fit.
  if (available < 0 || available + stock->sold > kOfferStockMax) {
    return Refusal{.reason = Reason::kOfferStockLimit,
                   .field = "change",
                   .message = absl::StrCat("want 0 to ", kOfferStockMax - stock->sold,
                                           " of them, there would be ", available),
                   .metadata = {{"available", absl::StrCat(stock->available)}}};
  }
  jv1::OfferRestocked& restocked = *decision.Add().mutable_offer_restocked();
  restocked.set_offer(static_cast<std::uint32_t>(wish_.offer));
  restocked.set_change(wish_.change);
  restocked.set_available(available);
  restocked.set_sold(stock->sold);
  restocked.set_person(wish_.person);
  return absl::nullopt;
}

}  // namespace puhui::merchant
