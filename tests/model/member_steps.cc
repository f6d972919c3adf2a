// SPDX-License-Identifier: Apache-2.0
// The steps of members: what becomes of them and of their cards.
#include "issuing/app/card_commands.h"
#include "issuing/app/member_changes.h"
#include "issuing/app/member_commands.h"
#include "issuing/app/privacy_commands.h"
#include "issuing/app/queries.h"
#include "ledger/storage/typed_reads.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <iterator>

namespace puhui::testing {
namespace {

using Standing = LedgerModel::Standing;

}  // namespace

void RandomDriver::Join() {
  const std::uint32_t of = AnyUnion();
  issuing::NewMember row = NewPerson();
  const std::uint64_t dice = random_.Below(10);
  const absl::optional<MemberId> known = dice < 3 ? AnyMember() : absl::nullopt;
  bool back = false;
  if (known.has_value()) {
    // The same person: unchanged under the same external id, refused under another; somebody who
    // left comes back, unless the row was made before the person did.
    row.id_number = TagOf(people_[*known] * 4);
    if (dice == 0) row.external_id = TagOf(people_[*known] * 4 + 1);
    back = model_.members[*known].standing == Standing::kLeft && random_.Below(4) != 0;
    if (back) {
      row.member = *known;
      row.left_revision = model_.members[*known].changes;
    }
  }
  // Alone, or in a batch of one.
  const bool alone = !known.has_value() && random_.Below(2) == 0;
  const auto outcome = Run([=, this]() -> std::unique_ptr<ledger::Command> {
    if (alone) {
      return std::make_unique<issuing::CreateMemberCommand>(
          &ledger_.issuing(), &ledger_.views(),
          issuing::CreateMemberCommand::Wish{.union_id = UnionIdOf(of), .person = row});
    }
    return std::make_unique<issuing::CreateMembersCommand>(
        &ledger_.issuing(), &ledger_.views(),
        issuing::CreateMembersCommand::Wish{.union_id = UnionIdOf(of), .rows = {row}});
  });
  if (!Expect(model_.Join(of), outcome)) return;
  ASSERT_EQ(outcome->records().size(), alone || (known.has_value() && !back) ? 1U : 2U);
  if (back) return model_.ComeBack(*known, of);
  if (known.has_value()) {
    const auto& other = outcome->first().member_batch().others(0);
    if (other.outcome() == static_cast<std::uint32_t>(issuing::MemberOutcome::kUnchanged)) {
      EXPECT_EQ(model_.members[*known].of, of) << "a member of another union";
    }
    return;
  }
  model_.Join(row.member, of, drawn_);
  members_.push_back(row.member);
  people_[row.member] = drawn_;
}

// Mostly back to where members can buy, so that there is somebody left who does.
void RandomDriver::ChangeMember() {
  const absl::optional<MemberId> member = AnyMember();
  if (!member.has_value()) return;
  const Standing standing = model_.members[*member].standing;
  const std::uint64_t dice = random_.Below(12);
  if (dice >= 10) return Update(*member);
  if (standing != Standing::kActive && dice < 5) return Reinstate(*member);
  if (dice < 2) return Suspend(*member);
  if (dice < 4) return Leave(*member);
  if (dice < 6) return Transfer(*member);
  if (dice < 9) return ChangeCard(*member);
  Erase(*member);
}

std::uint64_t RandomDriver::AnyCard(absl::optional<MemberId> member) {
  const std::uint64_t dice = random_.Below(40);
  if (!member.has_value() || dice == 0) return drawn_ + 1;
  if (dice > 1) return model_.members[*member].card;
  const auto skip = static_cast<std::ptrdiff_t>(random_.Below(model_.cards.size()));
  return std::next(model_.cards.begin(), skip)->first;
}

issuing::MemberRef RandomDriver::RefOf(MemberId member) {
  return {.member = member, .of = UnionNumber{union_numbers_[model_.members[member].of]}};
}

void RandomDriver::Suspend(MemberId member) {
  const auto outcome = Run([this, ref = RefOf(member)] {
    return std::make_unique<issuing::SuspendMemberCommand>(&ledger_.issuing(), ref);
  });
  Expect(model_.Suspend(member), outcome);
  CompareMember(member);
}

void RandomDriver::Reinstate(MemberId member) {
  const auto outcome = Run([this, ref = RefOf(member)] {
    return std::make_unique<issuing::ReinstateMemberCommand>(&ledger_.issuing(), ref);
  });
  Expect(model_.Reinstate(member), outcome);
  CompareMember(member);
}

void RandomDriver::Leave(MemberId member) {
  const absl::Time now = NextTime();
  const auto outcome = Run([this, ref = RefOf(member)] {
    return std::make_unique<issuing::RemoveMemberCommand>(&ledger_.issuing(), &ledger_.views(),
                                                          ref);
  });
  Expect(model_.Leave(member, now), outcome);
  CompareMember(member);
}

void RandomDriver::Transfer(MemberId member) {
  const std::uint32_t to = AnyUnion();
  const auto outcome =
      Run([this, to, ref = RefOf(member), data = ReplacementAt(model_.members[member].changes)] {
        return std::make_unique<issuing::TransferMemberCommand>(
            &ledger_.issuing(), ref,
            issuing::TransferMemberCommand::Wish{.to = UnionIdOf(to), .data = data});
      });
  Expect(model_.Transfer(member, to), outcome);
  CompareMember(member);
}

void RandomDriver::ChangeCard(MemberId member) {
  const std::uint64_t dice = random_.Below(3);
  if (dice == 0) {
    const auto outcome = Run([this, ref = RefOf(member)] {
      return std::make_unique<issuing::BlockCardCommand>(&ledger_.issuing(), &ledger_.views(), ref);
    });
    Expect(model_.BlockCard(member), outcome);
    return;
  }
  const bool replace = dice == 1;
  const std::uint64_t card = ++drawn_;
  const auto outcome = Run([this, replace, card, ref = RefOf(member),
                            data = ReplacementAt(model_.members[member].changes)] {
    return std::make_unique<issuing::IssueCardCommand>(
        &ledger_.issuing(), &ledger_.views(), ref,
        issuing::IssueCardCommand::Wish{.replace = replace,
                                        .card = TagOf(card * 4 + 2),
                                        .card_last_four = "2424",
                                        .data = data});
  });
  Expect(model_.IssueCard(member, card, replace), outcome);
  CompareMember(member);
}

void RandomDriver::Erase(MemberId member) {
  const issuing::ErasePersonalDataCommand::Wish wish{
      .revision = model_.members[member].changes, .external_ids = {TagOf(people_[member] * 4 + 1)}};
  const auto outcome = Run([this, wish, ref = RefOf(member)] {
    return std::make_unique<issuing::ErasePersonalDataCommand>(&ledger_.issuing(), ref, wish);
  });
  Expect(model_.Erase(member), outcome);
  CompareMember(member);
}

void RandomDriver::CompareStanding(MemberId id) {
  const LedgerModel::Member& expected = model_.members[id];
  const auto found = issuing::FindMember(ledger_.store(), id);
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  const issuing::MemberRow& row = (*found)->row;
  EXPECT_EQ(static_cast<std::uint32_t>(row.union_number), union_numbers_[expected.of]);
  EXPECT_EQ(static_cast<int>(row.state), static_cast<int>(expected.standing));
  EXPECT_EQ(row.revision, expected.changes);
  EXPECT_EQ(row.erased, expected.erased);
  EXPECT_EQ((*found)->card_blocked, model_.cards[expected.card].blocked);
  const auto data = issuing::FindPersonalData(ledger_.store(), id);
  ASSERT_OK(data);
  EXPECT_EQ(data->has_value(), !expected.erased);
}

void RandomDriver::CompareCards() {
  for (const auto& [number, expected] : model_.cards) {
    const auto row = ledger::Find(ledger_.store(), ledger::kCardTable, TagOf(number * 4 + 2));
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->member, expected.member);
    EXPECT_EQ((*row)->state == ledger::CardState::kBlocked, expected.blocked);
  }
}

}  // namespace puhui::testing
