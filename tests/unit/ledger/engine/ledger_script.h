// SPDX-License-Identifier: Apache-2.0
// Commands that are what a test says, and the records that bring points into being without the
// issuing side.
#ifndef PUHUI_TESTS_UNIT_LEDGER_ENGINE_LEDGER_SCRIPT_H_
#define PUHUI_TESTS_UNIT_LEDGER_ENGINE_LEDGER_SCRIPT_H_

#include "ledger/core/account.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

class ScriptCommand final : public ledger::Command {
 public:
  using Script = std::function<absl::optional<ledger::Refusal>(const ledger::DecideContext&,
                                                               ledger::Decision&)>;
  explicit ScriptCommand(Script script) : script_(std::move(script)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override {
    return script_(context, decision);
  }

 private:
  const Script script_;
};

// A script that never refuses.
inline std::unique_ptr<ledger::Command> Always(std::function<void(ledger::Decision&)> add) {
  return std::make_unique<ScriptCommand>(
      [add = std::move(add)](const ledger::DecideContext&,
                             ledger::Decision& decision) -> absl::optional<ledger::Refusal> {
        add(decision);
        return absl::nullopt;
      });
}

inline ledger::Tag TagOf(std::uint64_t number) {
  ledger::Tag tag{};
  for (std::size_t i = 0; i < 8; ++i) tag.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return tag;
}

// The request `number` of `caller`, with a body that `body` stands for.
inline ledger::RequestIdentity RequestOf(std::uint64_t number, std::uint64_t body = 0,
                                         std::string caller = "/terminal/test") {
  return {.caller = std::move(caller),
          .request_id = std::string(ledger::TagBytes(TagOf(number))),
          .digest = TagOf(body)};
}

inline void AddPosting(ledger::AccountKind kind, std::uint64_t owner, std::uint32_t origin,
                       std::int64_t points, journal::v1::Entry& entry) {
  journal::v1::Posting& posting = *entry.add_postings();
  posting.set_kind(static_cast<journal::v1::AccountKind>(kind));
  posting.set_owner(owner);
  posting.set_origin(origin);
  posting.set_points(points);
}

// funding → budget
inline void AddFunding(std::uint32_t of, std::int64_t points, ledger::Decision& decision) {
  journal::v1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(ledger::AccountKind::kFunding, of, of, -points, entry);
  AddPosting(ledger::AccountKind::kBudget, of, of, points, entry);
  entry.mutable_funding()->set_union_number(of);
}

// budget → campaign
inline void AddApproval(std::uint32_t campaign, std::uint32_t of, std::int64_t points,
                        ledger::Decision& decision) {
  journal::v1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(ledger::AccountKind::kBudget, of, of, -points, entry);
  AddPosting(ledger::AccountKind::kCampaign, campaign, of, points, entry);
  entry.mutable_approval()->set_campaign(campaign);
}

inline void AddMember(MemberId member, const ledger::Tag& card, ledger::Decision& decision) {
  journal::v1::MemberJoined& joined = *decision.Add().mutable_member_joined();
  joined.set_member(member.ToBytes());
  joined.set_union_number(1);
  joined.set_card_hash(std::string(ledger::TagBytes(card)));
  joined.set_card_last_four("4242");
}

struct CampaignSpec {
  std::uint32_t number = 0;
  std::uint32_t origin = 0;
  absl::Time expiry{};
  std::vector<std::uint32_t> categories{};
};
inline void AddCampaign(const CampaignSpec& spec, ledger::Decision& decision) {
  journal::v1::CampaignCreated& created = *decision.Add().mutable_campaign_created();
  created.set_number(spec.number);
  created.set_id(absl::StrCat("campaign-", spec.number));
  created.set_union_number(spec.origin);
  journal::v1::Terms& terms = *created.mutable_terms();
  terms.set_expiry_micros(absl::ToUnixMicros(spec.expiry));
  for (const std::uint32_t category : spec.categories) terms.add_categories(category);
}

struct GrantSpec {
  std::uint32_t campaign = 0;
  std::uint32_t origin = 0;
  MemberId member{};
  std::uint32_t lot = 0;
  std::int64_t points = 0;
  absl::Time expiry{};
  std::int64_t earmarked = 0;
};
// campaign → wallet
inline void AddGrant(const GrantSpec& spec, ledger::Decision& decision) {
  journal::v1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(ledger::AccountKind::kCampaign, spec.campaign, spec.origin, -spec.points, entry);
  AddPosting(ledger::AccountKind::kWallet, 0, spec.origin, spec.points, entry);
  entry.mutable_postings(1)->set_member(spec.member.ToBytes());
  entry.set_member(spec.member.ToBytes());
  journal::v1::Grant& grant = *entry.mutable_grant();
  grant.set_campaign(spec.campaign);
  grant.set_lot(spec.lot);
  grant.set_points(spec.points);
  grant.set_expiry_micros(absl::ToUnixMicros(spec.expiry));
  grant.set_earmarked_points(spec.earmarked);
}

struct HoldSpec {
  std::uint32_t campaign = 0;
  std::uint32_t origin = 0;
  MemberId member{};
  std::uint32_t lot = 0;
  std::int64_t points = 0;  // Negative: no longer held.
  absl::Time expiry{};
};
// wallet → held, of one lot
inline journal::v1::Entry& AddHold(const HoldSpec& spec, ledger::Decision& decision) {
  journal::v1::Entry& entry = *decision.Add().mutable_entry();
  AddPosting(ledger::AccountKind::kWallet, 0, spec.origin, -spec.points, entry);
  AddPosting(ledger::AccountKind::kHeld, 0, spec.origin, spec.points, entry);
  for (auto& posting : *entry.mutable_postings()) posting.set_member(spec.member.ToBytes());
  entry.set_member(spec.member.ToBytes());
  journal::v1::LotChange& change = *entry.add_lots();
  change.set_lot(spec.lot);
  change.set_held(spec.points);
  change.set_campaign(spec.campaign);
  change.set_origin(spec.origin);
  change.set_expiry_micros(absl::ToUnixMicros(spec.expiry));
  if (spec.points > 0) {
    entry.mutable_authorization()->set_points(spec.points);
  } else {
    entry.mutable_voided()->set_points(-spec.points);
  }
  return entry;
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_UNIT_LEDGER_ENGINE_LEDGER_SCRIPT_H_
