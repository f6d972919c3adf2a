// SPDX-License-Identifier: Apache-2.0
// What a record names by itself. Included by facts_of.cc only.
#ifndef PUHUI_AUDIT_INDEX_NAMED_H_
#define PUHUI_AUDIT_INDEX_NAMED_H_

#include "audit/core/record_facts.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"

#include <concepts>
#include <cstdint>
#include <vector>

namespace puhui::audit {

// Gathers what the messages of a record name. Fields are taken by their names, which mean one thing
// in all of journal.v1; what means another has a Take of its own.
class Named {
 public:
  RecordFacts facts{};
  std::vector<std::uint32_t> offers{};
  std::vector<std::uint32_t> notices{};
  std::vector<Sequence> inherited{};  // Records whose members, merchants and so on are its own too.
  bool malformed = false;

  // Requires: the record has a body.
  void TakeBody(const journal::v1::Record& record);

 private:
  template <class Message>
  void Take(const Message& message);
  void Take(const journal::v1::Entry& entry);
  void Take(const journal::v1::BudgetMoved& moved);
  void Take(const journal::v1::UnionCreated& created);
  void Take(const journal::v1::UnionUpdated& updated);
  void Take(const journal::v1::UnionMoved& moved);
  void Take(const journal::v1::UnionClosed& closed);
  void Take(const journal::v1::MemberBatch& batch);
  void Take(const journal::v1::MemberChanged& changed);
  void Take(const journal::v1::ApplicationDecided& decided);
  // Its member is how far the keys were wrapped, and nothing happened to that one in particular.
  void Take(const journal::v1::KeyRotationAdvanced& /*advanced*/) {}
  void Take(const journal::v1::CampaignCreated& created);
  // Its reason is not one of puhui.v1.Reason.
  void Take(const journal::v1::ApprovalsVoided& voided) { Campaign(voided.campaign()); }
  void Take(const journal::v1::ClawBackDecided& decided);
  void Take(const journal::v1::ClawBackAdvanced& advanced) { Inherit(advanced.claw_back()); }
  void Take(const journal::v1::MerchantRegistered& registered) { Merchant(registered.number()); }
  void Take(const journal::v1::MerchantApplied& applied);
  void Take(const journal::v1::StoreCreated& created);
  void Take(const journal::v1::TerminalEnrolled& enrolled);
  void Take(const journal::v1::LimitsChanged& changed);
  void Take(const journal::v1::LinesDisputed& disputed);
  void Take(const journal::v1::PayoutRunCreated& created);
  void Take(const journal::v1::NoticePublished& published);
  void Take(const journal::v1::NoticeWithdrawn& withdrawn);
  void Take(const journal::v1::OrderShipped& shipped);
  void Take(const journal::v1::OrderFulfilled& fulfilled);
  void Take(const journal::v1::VoucherRedeemed& redeemed);
  void Take(const journal::v1::VoucherTransferred& transferred);
  void Take(const journal::v1::OffersViewed& viewed);
  // The person who ended or accepted an order is behind the call that the entry answers.
  void TakeOrderOf(const journal::v1::Entry& entry);
  void TakeCause(const journal::v1::Entry& entry);
  void TakePostings(const journal::v1::Entry& entry);

  void Member(absl::string_view bytes);
  void Campaign(std::uint32_t number);
  void Union(std::uint32_t number);
  void Merchant(std::uint32_t number);
  void Store(std::uint32_t merchant, absl::string_view store);
  void Terminal(std::uint32_t number);
  void Till(const journal::v1::Till& till);
  void Person(absl::string_view person);
  void Amount(std::int64_t points);
  void Reason(std::uint32_t number);
  void About(Sequence sequence);
  void Inherit(Sequence sequence);
};

// The fields that Take looks for.
template <class M>
concept HasMember = requires(const M& m) {
  { m.member() } -> std::same_as<const std::string&>;
};
template <class M>
concept HasCampaign = requires(const M& m) {
  { m.campaign() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasUnion = requires(const M& m) {
  { m.union_number() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasOrigin = requires(const M& m) {
  { m.origin() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasMerchant = requires(const M& m) {
  { m.merchant() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasStore = requires(const M& m) {
  { m.store() } -> std::same_as<const std::string&>;
};
template <class M>
concept HasTerminal = requires(const M& m) {
  { m.terminal() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasTill = requires(const M& m) {
  { m.till() } -> std::same_as<const journal::v1::Till&>;
};
template <class M>
concept HasOffer = requires(const M& m) {
  { m.offer() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept HasPerson = requires(const M& m) {
  { m.person() } -> std::same_as<const std::string&>;
};
template <class M>
concept HasPoints = requires(const M& m) {
  { m.points() } -> std::same_as<std::int64_t>;
};
template <class M>
concept HasReason = requires(const M& m) {
  { m.reason() } -> std::same_as<std::uint32_t>;
};
template <class M>
concept GoesOnFromPurchase = requires(const M& m) {
  { m.purchase() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromAuthorization = requires(const M& m) {
  { m.authorization() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromBill = requires(const M& m) {
  { m.bill() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromOrder = requires(const M& m) {
  { m.order() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromProposal = requires(const M& m) {
  { m.proposal() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromClawBack = requires(const M& m) {
  { m.claw_back() } -> std::same_as<std::uint64_t>;
};
template <class M>
concept GoesOnFromLine = requires(const M& m) {
  { m.line() } -> std::same_as<std::uint64_t>;
};

template <class Message>
// NOLINTNEXTLINE(readability-function-cognitive-complexity): a line for each field there may be.
void Named::Take(const Message& message) {
  if constexpr (HasMember<Message>) Member(message.member());
  if constexpr (HasCampaign<Message>) Campaign(message.campaign());
  if constexpr (HasUnion<Message>) Union(message.union_number());
  if constexpr (HasOrigin<Message>) Union(message.origin());
  if constexpr (HasMerchant<Message>) Merchant(message.merchant());
  if constexpr (HasMerchant<Message> && HasStore<Message>) {
    Store(message.merchant(), message.store());
  }
  if constexpr (HasTerminal<Message>) Terminal(message.terminal());
  if constexpr (HasTill<Message>) Till(message.till());
  if constexpr (HasOffer<Message>) {
    if (message.offer() != 0) offers.push_back(message.offer());
  }
  if constexpr (HasPerson<Message>) Person(message.person());
  if constexpr (HasPoints<Message>) Amount(message.points());
  if constexpr (HasReason<Message>) Reason(message.reason());
  if constexpr (GoesOnFromPurchase<Message>) About(message.purchase());
  if constexpr (GoesOnFromAuthorization<Message>) About(message.authorization());
  if constexpr (GoesOnFromBill<Message>) About(message.bill());
  if constexpr (GoesOnFromOrder<Message>) About(message.order());
  if constexpr (GoesOnFromProposal<Message>) About(message.proposal());
  if constexpr (GoesOnFromClawBack<Message>) About(message.claw_back());
  if constexpr (GoesOnFromLine<Message>) About(message.line());
}

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_NAMED_H_
