// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offer_applier.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/offer_records.h"
#include "merchant/app/offers.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::Status OfferApplier::Apply(const jv1::Record& record) {
  if (record.has_offer_created()) return Create(record);
  if (record.has_offer_changed()) return Take(record, record.offer_changed());
  if (record.has_offer_moved()) return Take(record, record.offer_moved());
  if (record.has_offer_restocked()) return Restock(record.offer_restocked());
  if (record.entry().purchase().offer() != 0) return Use(record.entry());
  if (record.has_notice_published()) return Publish(record);
  if (record.has_notice_withdrawn()) return Withdraw(record);
  return absl::OkStatus();
}

absl::Status OfferApplier::Create(const jv1::Record& record) {
  const jv1::OfferCreated& created = record.offer_created();
  const OfferNumber number{created.offer()};
  if (number != tables_.NextOffer()) {
    return absl::DataLossError(absl::StrCat("offer ", created.offer(), " out of order"));
  }
  const absl::Time now = absl::FromUnixMicros(record.time_micros());
  OfferRow row{.merchant = MerchantNumber{created.merchant()},
               .version = 1,
               .create_time = now,
               .change_time = now};
  PUHUI_ASSIGN_OR_RETURN(row.content, ContentOf(created.content()));
  if (created.stock() < 0 || created.stock() > kOfferStockMax) {
    return absl::DataLossError(absl::StrCat("an offer with a stock of ", created.stock()));
  }
  if (!IsDiscount(row.content.kind)) {
    tables_.offer_stocks.Put(number, {.available = created.stock()});
  }
  tables_.offer_versions.Put({row.merchant, number, row.version}, record.sequence());
  tables_.offers.Put(number, std::move(row));
  tables_.counts.Put(kOfferCount, created.offer());
  return absl::OkStatus();
}

template <class Change>
absl::Status OfferApplier::Take(const jv1::Record& record, const Change& change) {
  const OfferNumber number{change.offer()};
  const OfferRow* known = tables_.offers.Find(number);
  if (known == nullptr || change.version() != known->version + 1 ||
      change.merchant() != static_cast<std::uint32_t>(known->merchant)) {
    return absl::DataLossError(absl::StrCat("offer ", change.offer(), " is not what version ",
                                            change.version(), " could follow on"));
  }
  PUHUI_ASSIGN_OR_RETURN(OfferContent content, ContentOf(change.content()));
  if (content.kind != known->content.kind ||
      change.state() < static_cast<std::uint32_t>(OfferState::kDraft) ||
      change.state() > static_cast<std::uint32_t>(OfferState::kWithdrawn)) {
    return absl::DataLossError(absl::StrCat("offer ", change.offer(), " is of another kind"));
  }
  OfferRow& row = tables_.offers.Edit(number);
  row.content = std::move(content);
  row.state = static_cast<OfferState>(change.state());
  row.was_published = row.was_published || row.state == OfferState::kPublished;
  row.version = change.version();
  row.change_time = absl::FromUnixMicros(record.time_micros());
  tables_.offer_versions.Put({row.merchant, number, row.version}, record.sequence());
  return absl::OkStatus();
}

absl::Status OfferApplier::Restock(const jv1::OfferRestocked& restocked) {
  OfferStockRow& stock = tables_.offer_stocks.Edit(OfferNumber{restocked.offer()});
  stock.available += restocked.change();
  if (stock.available != restocked.available() || stock.sold != restocked.sold() ||
      stock.available < 0 || stock.available + stock.sold > kOfferStockMax) {
    return absl::DataLossError(
        absl::StrCat("offer ", restocked.offer(), " has a stock of ", stock.available));
  }
  return absl::OkStatus();
}

absl::Status OfferApplier::Use(const jv1::Entry& entry) {
  const jv1::Purchase& purchase = entry.purchase();
  const OfferRow* offer = tables_.offers.Find(OfferNumber{purchase.offer()});
  if (entry.member().empty()) return absl::DataLossError("a purchase without its member");
  if (offer == nullptr || offer->version != purchase.offer_version() ||
      !IsDiscount(offer->content.kind) || purchase.offer_discount_points() <= 0) {
    return absl::DataLossError(
        absl::StrCat("offer ", purchase.offer(), " took something off a bill that it cannot"));
  }
  return CountUses(tables_, {OfferNumber{purchase.offer()}, MemberId::FromBytes(entry.member())},
                   1);
}

absl::Status OfferApplier::GiveBackUse(const PurchaseRow& purchase) {
  if (purchase.offer == OfferNumber{}) return absl::OkStatus();
  return CountUses(tables_, {purchase.offer, purchase.member}, -1);
}

absl::Status OfferApplier::Publish(const jv1::Record& record) {
  const jv1::NoticePublished& published = record.notice_published();
  const NoticeNumber number{published.notice()};
  if (number != tables_.NextNotice()) {
    return absl::DataLossError(absl::StrCat("notice ", published.notice(), " out of order"));
  }
  tables_.notices.Put(number, {.union_number = UnionNumber{published.union_number()},
                               .title = published.title(),
                               .text = published.text(),
                               .publish_time = absl::FromUnixMicros(record.time_micros()),
                               .audience = AudienceOf(published.audience()),
                               .window = WindowOf(published.window())});
  tables_.counts.Put(kNoticeCount, published.notice());
  return absl::OkStatus();
}

absl::Status OfferApplier::Withdraw(const jv1::Record& record) {
  const jv1::NoticeWithdrawn& withdrawn = record.notice_withdrawn();
  NoticeRow& row = tables_.notices.Edit(NoticeNumber{withdrawn.notice()});
  if (row.title.empty() || row.withdraw_time.has_value()) {
    return absl::DataLossError(absl::StrCat("notice ", withdrawn.notice(), " is withdrawn twice"));
  }
  row.withdraw_time = absl::FromUnixMicros(record.time_micros());
  return absl::OkStatus();
}

}  // namespace puhui::merchant
