// SPDX-License-Identifier: Apache-2.0
// The messages whose fields mean something of their own.
#include "audit/index/named.h"
#include "puhui/journal/v1/record.pb.h"

namespace puhui::audit {

namespace jv1 = journal::v1;

void Named::Take(const jv1::BudgetMoved& moved) {
  Union(moved.from_union());
  Union(moved.to_union());
  Amount(moved.points());
}

void Named::Take(const jv1::UnionCreated& created) {
  Union(created.number());
  Union(created.parent());
}

void Named::Take(const jv1::UnionUpdated& updated) { Union(updated.number()); }

void Named::Take(const jv1::UnionMoved& moved) {
  Union(moved.number());
  Union(moved.parent_before());
  Union(moved.parent_after());
}

void Named::Take(const jv1::UnionClosed& closed) { Union(closed.number()); }

void Named::Take(const jv1::MemberBatch& batch) {
  Union(batch.union_number());
  for (const jv1::MemberBatchRow& row : batch.others()) {
    if (!row.member().empty()) Member(row.member());
    Reason(row.reason());
  }
}

void Named::Take(const jv1::MemberChanged& changed) {
  Member(changed.member());
  Union(changed.union_number());
  Union(changed.came_back().from_union());
  Union(changed.transferred().from_union());
}

void Named::Take(const jv1::ApplicationDecided& decided) {
  Inherit(decided.application());
  if (!decided.member().empty()) Member(decided.member());
  Person(decided.person());
}

void Named::Take(const jv1::CampaignCreated& created) {
  Campaign(created.number());
  Union(created.union_number());
  Union(created.origin());
  Person(created.person());
}

void Named::Take(const jv1::ClawBackDecided& decided) {
  Inherit(decided.claw_back());
  Person(decided.person());
}

void Named::Take(const jv1::MerchantApplied& applied) {
  Merchant(applied.wish().number());
  Person(applied.person());
}

void Named::Take(const jv1::StoreCreated& created) {
  Merchant(created.merchant());
  Store(created.merchant(), created.id());
}

void Named::Take(const jv1::TerminalEnrolled& enrolled) {
  Terminal(enrolled.number());
  Merchant(enrolled.merchant());
  Store(enrolled.merchant(), enrolled.store());
}

void Named::Take(const jv1::LimitsChanged& changed) {
  // puhui.v1.LimitSubject.
  constexpr std::uint32_t kTerminalSubject = 1;
  constexpr std::uint32_t kMerchantSubject = 2;
  if (changed.subject() == kTerminalSubject) Terminal(changed.number());
  if (changed.subject() == kMerchantSubject) Merchant(changed.number());
  if (!changed.member().empty()) Member(changed.member());
  Person(changed.person());
}

void Named::Take(const jv1::LinesDisputed& disputed) {
  Merchant(disputed.merchant());
  for (const jv1::DisputedLine& line : disputed.lines()) About(line.line());
  Person(disputed.person());
}

void Named::Take(const jv1::PayoutRunCreated& created) {
  std::int64_t points = 0;
  for (const jv1::RunPayment& payment : created.payments()) {
    Merchant(payment.merchant());
    for (const jv1::PayoutSum& sum : payment.sums()) Union(sum.origin());
    points += payment.points();
  }
  Amount(points);
  Person(created.person());
}

void Named::Take(const jv1::NoticePublished& published) {
  Union(published.union_number());
  Person(published.person());
}

void Named::Take(const jv1::NoticeWithdrawn& withdrawn) {
  notices.push_back(withdrawn.notice());
  Person(withdrawn.person());
}

void Named::Take(const jv1::OrderShipped& shipped) {
  Inherit(shipped.order());
  Person(shipped.person());
}

void Named::Take(const jv1::OrderFulfilled& fulfilled) {
  Inherit(fulfilled.order());
  Person(fulfilled.person());
}

void Named::Take(const jv1::VoucherRedeemed& redeemed) {
  Inherit(redeemed.order());
  Till(redeemed.till());
}

void Named::Take(const jv1::VoucherTransferred& transferred) {
  Inherit(transferred.order());
  Member(transferred.from());
  Member(transferred.to());
}

void Named::Take(const jv1::OffersViewed& viewed) {
  for (const jv1::OfferViews& views : viewed.offers()) {
    Merchant(views.merchant());
    for (const std::uint32_t number : views.unions()) Union(number);
  }
}

}  // namespace puhui::audit
