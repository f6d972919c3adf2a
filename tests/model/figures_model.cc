// SPDX-License-Identifier: Apache-2.0
// What became of points, added up from the model's lots, purchases and authorisations; and what the
// ledger keeps of it.
#include "issuing/app/participation.h"
#include "issuing/app/union_figures.h"
#include "ledger/engine/campaign_figures.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace puhui::testing {
namespace {

LedgerModel::Figures FiguresIn(const ledger::CampaignFigures& row) {
  return {.granted = row.granted,
          .available = row.available,
          .held = row.held,
          .spent = row.spent,
          .refunded = row.refunded,
          .expired = row.expired,
          .clawed_back = row.clawed_back,
          .returned = row.returned,
          .grants = row.grants,
          .grants_spent = row.grants_spent};
}

void AddTo(LedgerModel::Figures& sum, const LedgerModel::Figures& more) {
  sum.granted += more.granted;
  sum.available += more.available;
  sum.held += more.held;
  sum.spent += more.spent;
  sum.refunded += more.refunded;
  sum.expired += more.expired;
  sum.clawed_back += more.clawed_back;
  sum.returned += more.returned;
  sum.grants += more.grants;
  sum.grants_spent += more.grants_spent;
}

struct People {
  std::set<MemberId> received{};
  std::set<MemberId> spent{};
};

// By union: of its campaigns, and of those of all below it.
std::map<std::uint32_t, People> PeopleOf(const LedgerModel& model) {
  std::map<std::uint32_t, People> all;
  const auto each_above = [&model, &all](std::uint32_t campaign, const auto& add) {
    for (std::uint32_t at = model.campaigns.at(campaign).of; at != 0;
         at = model.unions.at(at).parent) {
      add(all[at]);
    }
  };
  for (const auto& [campaign, members] : model.receivers) {
    const std::set<MemberId>& whom = members;
    each_above(campaign, [&](People& of) { of.received.insert(whom.begin(), whom.end()); });
  }
  for (const auto& [number, purchase] : model.purchases) {
    const MemberId who = purchase.member;
    for (const LedgerModel::Taken& taken : purchase.taken) {
      if (taken.points == 0) continue;
      each_above(taken.from.campaign, [&](People& of) { of.spent.insert(who); });
    }
  }
  return all;
}

}  // namespace

std::map<std::uint32_t, LedgerModel::Figures> LedgerModel::AllFigures() const {
  std::map<std::uint32_t, Figures> all;
  for (const auto& [number, campaign] : campaigns) all[number] = campaign.figures;
  for (const auto& [id, member] : members) {
    for (const auto& [number, lot] : member.lots) all[lot.campaign].available += lot.remaining;
    for (const Sequence hold : member.holds) {
      for (const Taken& taken : holds.at(hold).taken) {
        all[taken.from.campaign].available -= taken.points;
        all[taken.from.campaign].held += taken.points;
      }
    }
  }
  std::set<std::pair<MemberId, std::uint32_t>> spent_from;
  for (const auto& [number, purchase] : purchases) {
    for (const Taken& taken : purchase.taken) {
      if (taken.points == 0) continue;
      Figures& figures = all[taken.from.campaign];
      figures.spent += taken.points;
      figures.refunded += taken.back;
      // A grant with an earmark has two lots.
      const std::uint32_t grant = taken.lot & ~kBound;
      if (spent_from.emplace(purchase.member, grant).second) ++figures.grants_spent;
    }
  }
  return all;
}

void RandomDriver::CompareFigures() {
  std::map<std::uint32_t, LedgerModel::Figures> subtrees;
  for (const auto& [number, expected] : model_.AllFigures()) {
    ASSERT_OK_AND_ASSIGN(const ledger::CampaignFigures kept,
                         ledger::FiguresOf(ledger_.store(), CampaignNumber{number}));
    ASSERT_EQ(FiguresIn(kept), expected) << "campaign " << number;
    for (std::uint32_t at = model_.campaigns.at(number).of; at != 0;
         at = model_.unions.at(at).parent) {
      AddTo(subtrees[at], expected);
    }
  }
  std::map<std::uint32_t, People> people = PeopleOf(model_);
  for (const auto& [id, of] : model_.unions) {
    ASSERT_OK_AND_ASSIGN(
        const ledger::CampaignFigures kept,
        issuing::SubtreeFiguresOf(ledger_.store(), UnionNumber{union_numbers_[id]}));
    ASSERT_EQ(FiguresIn(kept), subtrees[id]) << "union " << id;
    ASSERT_OK_AND_ASSIGN(const issuing::Participants counted,
                         issuing::ParticipantsOf(ledger_.store(), UnionNumber{union_numbers_[id]}));
    ASSERT_EQ(counted.received, people[id].received.size()) << "union " << id;
    ASSERT_EQ(counted.spent, people[id].spent.size()) << "union " << id;
  }
}

}  // namespace puhui::testing
