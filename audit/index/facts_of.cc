// SPDX-License-Identifier: Apache-2.0
#include "audit/index/facts_of.h"

#include "audit/index/named.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// The message whose field a detail is; null when there are no details.
const Descriptor* DetailsOf(std::uint16_t body) {
  if (body == jv1::Record::kEntry) return jv1::Entry::descriptor();
  if (body == jv1::Record::kMemberChanged) return jv1::MemberChanged::descriptor();
  return nullptr;
}

// Causes are fields of an entry that are messages, but for the business day that it may open.
bool IsDetail(const FieldDescriptor& field) {
  if (field.real_containing_oneof() != nullptr) return true;
  return field.containing_type() == jv1::Entry::descriptor() &&
         (field.number() == jv1::Entry::kAllocationFieldNumber ||
          field.number() == jv1::Entry::kBudgetReturnFieldNumber);
}

std::uint16_t DetailOf(const jv1::Record& record) {
  if (record.has_member_changed()) {
    return static_cast<std::uint16_t>(record.member_changed().change_case());
  }
  if (!record.has_entry()) return 0;
  if (record.entry().has_allocation()) return jv1::Entry::kAllocationFieldNumber;
  if (record.entry().has_budget_return()) return jv1::Entry::kBudgetReturnFieldNumber;
  return static_cast<std::uint16_t>(record.entry().cause_case());
}

absl::Status AddOwners(Background& background, Named* named) {
  RecordFacts& facts = named->facts;
  for (const CampaignNumber campaign : facts.campaigns) {
    PUHUI_ASSIGN_OR_RETURN(
        const Owner owner,
        background.OwnerOf({OwnedKind::kCampaign, static_cast<std::uint32_t>(campaign)}));
    if (owner.number != 0) facts.unions.push_back(UnionNumber{owner.number});
  }
  for (const std::uint32_t notice : named->notices) {
    PUHUI_ASSIGN_OR_RETURN(const Owner owner, background.OwnerOf({OwnedKind::kNotice, notice}));
    if (owner.number != 0) facts.unions.push_back(UnionNumber{owner.number});
  }
  for (const TerminalNumber terminal : facts.terminals) {
    PUHUI_ASSIGN_OR_RETURN(
        const Owner owner,
        background.OwnerOf({OwnedKind::kTerminal, static_cast<std::uint32_t>(terminal)}));
    if (owner.number == 0) continue;
    facts.merchants.push_back(MerchantNumber{owner.number});
    if (owner.store.empty()) continue;
    facts.stores.push_back({.merchant = MerchantNumber{owner.number}, .store = owner.store});
  }
  if (!facts.merchants.empty()) return absl::OkStatus();  // An offer's is the same.
  for (const std::uint32_t offer : named->offers) {
    PUHUI_ASSIGN_OR_RETURN(const Owner owner, background.OwnerOf({OwnedKind::kOffer, offer}));
    if (owner.number != 0) facts.merchants.push_back(MerchantNumber{owner.number});
  }
  return absl::OkStatus();
}

}  // namespace

absl::optional<std::pair<Owned, Owner>> OwnerIn(const jv1::Record& record) {
  if (record.has_campaign_created()) {
    const jv1::CampaignCreated& created = record.campaign_created();
    return std::pair(Owned{OwnedKind::kCampaign, created.number()},
                     Owner{.number = created.union_number()});
  }
  if (record.has_terminal_enrolled()) {
    const jv1::TerminalEnrolled& enrolled = record.terminal_enrolled();
    return std::pair(Owned{OwnedKind::kTerminal, enrolled.number()},
                     Owner{.number = enrolled.merchant(), .store = enrolled.store()});
  }
  if (record.has_offer_created()) {
    const jv1::OfferCreated& created = record.offer_created();
    return std::pair(Owned{OwnedKind::kOffer, created.offer()},
                     Owner{.number = created.merchant()});
  }
  if (record.has_notice_published()) {
    const jv1::NoticePublished& published = record.notice_published();
    return std::pair(Owned{OwnedKind::kNotice, published.notice()},
                     Owner{.number = published.union_number()});
  }
  return absl::nullopt;
}

RecordKind KindOf(const jv1::Record& record) {
  return {.body = static_cast<std::uint16_t>(record.body_case()), .detail = DetailOf(record)};
}

std::string KindText(RecordKind kind) {
  const FieldDescriptor* const body = jv1::Record::descriptor()->FindFieldByNumber(kind.body);
  if (body == nullptr) return "";
  const Descriptor* const details = DetailsOf(kind.body);
  const FieldDescriptor* const detail =
      details == nullptr ? nullptr : details->FindFieldByNumber(kind.detail);
  return detail == nullptr ? body->name() : absl::StrCat(body->name(), "/", detail->name());
}

absl::optional<RecordKind> ParseKind(absl::string_view text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  const FieldDescriptor* const body = jv1::Record::descriptor()->FindFieldByName(parts.first);
  if (body == nullptr || body->real_containing_oneof() == nullptr) return absl::nullopt;
  RecordKind kind{.body = static_cast<std::uint16_t>(body->number())};
  if (parts.first.size() == text.size()) return kind;
  const Descriptor* const details = DetailsOf(kind.body);
  if (details == nullptr) return absl::nullopt;
  const FieldDescriptor* const detail = details->FindFieldByName(parts.second);
  if (detail == nullptr || !IsDetail(*detail)) return absl::nullopt;
  kind.detail = static_cast<std::uint16_t>(detail->number());
  return kind;
}

absl::StatusOr<RecordFacts> FactsOf(const jv1::Record& record, Background& background) {
  Named named;
  named.TakeBody(record);
  if (named.malformed) {
    return absl::DataLossError(absl::StrCat("record ", record.sequence(), " is malformed"));
  }
  PUHUI_RETURN_IF_ERROR(AddOwners(background, &named));
  RecordFacts facts = std::move(named.facts);
  facts.sequence = record.sequence();
  facts.time = ledger::TimeOf(record);
  facts.kind = KindOf(record);
  for (const Sequence sequence : named.inherited) {
    // What goes on from nothing earlier is not of this journal, and would not end.
    if (sequence == 0 || sequence >= record.sequence()) {
      return absl::DataLossError(
          absl::StrCat("record ", record.sequence(), " goes on from record ", sequence));
    }
    PUHUI_ASSIGN_OR_RETURN(const jv1::Record earlier, background.Earlier(sequence));
    PUHUI_ASSIGN_OR_RETURN(const RecordFacts inherited, FactsOf(earlier, background));
    TakeOver(inherited, &facts);
  }
  facts.actor = record.request().caller();
  if (record.index_in_command() != 0) {
    PUHUI_ASSIGN_OR_RETURN(facts.actor,
                           background.CallerOf(record.sequence() - record.index_in_command()));
  }
  PutInOrder(&facts);
  return facts;
}

}  // namespace puhui::audit
