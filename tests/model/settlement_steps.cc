// SPDX-License-Identifier: Apache-2.0
#include "tests/model/settlement_steps.h"

#include "ledger/engine/campaign_figures.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/dispute_commands.h"
#include "merchant/app/statement_commands.h"
#include "merchant/app/statement_queries.h"
#include "tests/model/fee_model.h"
#include "tests/model/model_names.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace puhui::testing {
namespace {

namespace jv1 = journal::v1;
using ledger::AccountKind;
using ledger::Reason;

absl::CivilDay DayOf(absl::Time time) { return absl::ToCivilDay(time, absl::UTCTimeZone()); }
absl::Time EndOf(absl::CivilDay day) { return absl::FromCivil(day + 1, absl::UTCTimeZone()); }

merchant::DisputeKey DisputeKeyOf(const std::pair<std::uint32_t, absl::CivilDay>& name,
                                  Sequence line) {
  return {MerchantNumber{name.first}, name.second, line};
}

}  // namespace

void ExpectPaidAndPayable(const ledger::Readable& store) {
  using Account = std::pair<std::uint64_t, UnionNumber>;  // Merchant and origin.
  std::map<Account, std::int64_t> earned;
  std::map<Account, std::int64_t> fees;
  ASSERT_OK(
      ledger::Scan(store, merchant::kDayFiguresTable, {},
                   [&](const merchant::DayFiguresKey& key,
                       const merchant::DayFigures& figures) -> absl::StatusOr<bool> {
                     const Account account{static_cast<std::uint64_t>(key.merchant), key.origin};
                     earned[account] += figures.Payable() + figures.paid;
                     fees[account] += figures.fees + figures.discounts - figures.adjustments;
                     return true;
                   }));
  // Every account is taken away, so one that no figure speaks of is found as well.
  ASSERT_OK(ledger::Scan(
      store, ledger::kAccountTable, {},
      [&](const ledger::AccountKey& key, std::int64_t& balance) -> absl::StatusOr<bool> {
        const Account account{key.owner, key.origin};
        if (key.kind == AccountKind::kPayable || key.kind == AccountKind::kPayout) {
          earned[account] -= balance;
        } else if (key.kind == AccountKind::kFee) {
          fees[account] -= balance;
        }
        return true;
      }));
  for (const auto& [account, points] : earned) EXPECT_EQ(points, 0) << account.first;
  for (const auto& [account, points] : fees) EXPECT_EQ(points, 0) << account.first;
}

void ExpectSpendingOfCampaigns(const ledger::Readable& store) {
  std::map<CampaignNumber, std::int64_t> spent;
  ASSERT_OK(ledger::Scan(
      store, merchant::kDayFiguresTable, {},
      [&](const merchant::DayFiguresKey& key, const merchant::DayFigures& figures) {
        spent[key.campaign] +=
            figures.purchases - figures.refunds - figures.earlier_refunds - figures.reversals;
        return absl::StatusOr<bool>(true);
      }));
  EXPECT_EQ(spent[CampaignNumber{}], 0);  // Every point had been granted by some campaign.
  ASSERT_OK(ledger::Scan(store, ledger::kCampaignFigureTable, {},
                         [&](CampaignNumber campaign, const ledger::CampaignFigures& figures) {
                           spent[campaign] -= figures.spent - figures.refunded;
                           return absl::StatusOr<bool>(true);
                         }));
  for (const auto& [campaign, points] : spent) {
    EXPECT_EQ(points, 0) << "campaign " << static_cast<std::uint32_t>(campaign);
  }
}

bool SettlementSteps::Statement::Disputed() const {
  return std::any_of(disputes.begin(), disputes.end(),
                     [](const auto& dispute) { return !dispute.second.resolved; });
}

// Any entry that moves what is payable to a merchant, or its fee, is a line, whatever it is about.
void SettlementSteps::Note(const ledger::Outcome& outcome) {
  for (const jv1::Record* record : outcome.records()) {
    const absl::CivilDay day = DayOf(absl::FromUnixMicros(record->time_micros()));
    std::uint32_t merchant = 0;
    const bool paid = record->entry().has_payout_paid() || record->entry().has_payout_returned();
    for (const jv1::Posting& posting : record->entry().postings()) {
      const bool payable = posting.kind() == jv1::ACCOUNT_KIND_PAYABLE;
      if (!payable && posting.kind() != jv1::ACCOUNT_KIND_FEE) continue;
      const auto owner = static_cast<std::uint32_t>(posting.owner());
      if (paid) {
        NotePaid(owner, day, posting.origin(), -posting.points());
        continue;
      }
      merchant = owner;
      if (!statements_.contains({merchant, day})) {
        statements_[{merchant, day}].paid_before = std::exchange(paid_between_[merchant], {});
      }
      if (payable) statements_[{merchant, day}].payable[posting.origin()] += posting.points();
    }
    if (merchant == 0) continue;
    statements_[{merchant, day}].lines.push_back(record->sequence());
    moved_[record->sequence()] = MovedBy(record->entry());
    NotePurchase(*record);
  }
}

void SettlementSteps::NotePurchase(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  Sequence& purchase = purchase_of_[record.sequence()];
  if (entry.has_purchase()) {
    purchase = entry.purchase().bill() == 0 ? record.sequence() : entry.purchase().bill();
  } else if (entry.has_capture()) {
    purchase = entry.capture().authorization();
  } else if (entry.has_refund()) {
    purchase = entry.refund().purchase();
  } else if (entry.has_reversal()) {
    purchase = entry.reversal().purchase();
  } else {
    purchase = purchase_of_.at(entry.adjustment().line());
  }
}

SettlementSteps::Moved SettlementSteps::LeftOf(Sequence line, std::uint32_t origin) const {
  const ModelShare share = FeesOf(model_, purchase_of_.at(line))[id_of_(UnionNumber{origin})];
  return {.payable = share.payable, .fee = share.fee};
}

std::map<std::uint32_t, SettlementSteps::Moved> SettlementSteps::MovedBy(const jv1::Entry& entry) {
  std::map<std::uint32_t, Moved> moved;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE) {
      moved[posting.origin()].payable += posting.points();
    } else if (posting.kind() == jv1::ACCOUNT_KIND_FEE) {
      moved[posting.origin()].fee += posting.points();
    }
  }
  return moved;
}

void SettlementSteps::NotePaid(std::uint32_t merchant, absl::CivilDay day, std::uint32_t origin,
                               std::int64_t points) {
  const auto at = statements_.find({merchant, day});
  if (at == statements_.end()) {
    paid_between_[merchant][origin] += points;
  } else {
    at->second.payable[origin] -= points;
  }
}

void SettlementSteps::Step() {
  switch (desk_.random->Below(5)) {
    case 0:
    case 1:
      return CutDay();
    case 2:
      return Agree();
    case 3:
      return DisputeLine();
    default:
      return Resolve();
  }
}

std::string SettlementSteps::AnyPerson() { return absl::StrCat("people/", desk_.random->Below(4)); }

// Mostly a day that something was sold on; now and then another.
SettlementSteps::Name SettlementSteps::AnyName() {
  SeededRandom& random = *desk_.random;
  if (statements_.empty() || random.Below(10) == 0) {
    return {static_cast<std::uint32_t>(1 + random.Below(kMerchants)),
            DayOf(desk_.now()) - static_cast<absl::civil_diff_t>(random.Below(4))};
  }
  return std::next(statements_.begin(),
                   static_cast<std::ptrdiff_t>(random.Below(statements_.size())))
      ->first;
}

void SettlementSteps::CutDay() {
  const Name name = AnyName();
  const auto at = statements_.find(name);
  const bool sold = at != statements_.end();
  const bool was_cut = sold && at->second.cut;
  Verdict expected;
  if (!was_cut && desk_.now() < EndOf(name.second)) {
    expected = Reason::kBusinessDayNotOver;
  } else if (!sold) {
    expected = Reason::kNotFound;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::CutDayCommand>(Till(), StatementKeyOf(name), "people/qian");
  });
  if (!desk_.expect(expected, outcome)) return;
  EXPECT_EQ(outcome->records().size(), was_cut ? 0U : 1U);
  at->second.cut = true;
}

// A day that is not over, or is over with nothing sold since, is not among the statements before
// its cut.
void SettlementSteps::Agree() {
  const Name name = AnyName();
  const auto at = statements_.find(name);
  const auto row =
      ledger::Find(desk_.ledger->store(), merchant::kStatementTable, StatementKeyOf(name));
  ASSERT_OK(row);
  ledger::Hash digest = row->has_value() ? (*row)->lines.digest : ledger::Hash{};
  const bool stale = desk_.random->Below(5) == 0;
  if (stale) digest[7] ^= 1;
  Verdict expected;
  if (!row->has_value()) {
    expected = Reason::kNotFound;
  } else if (!at->second.cut || at->second.agreed) {
    expected = Reason::kStatementState;
  } else if (at->second.Disputed()) {
    expected = Reason::kStatementDisputed;
  } else if (stale) {
    expected = Reason::kStatementDigest;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::AgreeStatementCommand>(
        &desk_.ledger->merchant(),
        merchant::AgreeStatementCommand::Wish{.statement = StatementKeyOf(name), .digest = digest});
  });
  if (desk_.expect(expected, outcome)) at->second.agreed = true;
}

void SettlementSteps::DisputeLine() {
  const Name name = AnyName();
  const auto at = statements_.find(name);
  if (at == statements_.end()) return;
  Statement& statement = at->second;
  const Sequence line = statement.lines[desk_.random->Below(statement.lines.size())];
  const auto row =
      ledger::Find(desk_.ledger->store(), merchant::kStatementTable, StatementKeyOf(name));
  ASSERT_OK(row);
  Verdict expected;
  if (!row->has_value()) {
    expected = Reason::kNotFound;
  } else if (!statement.cut || statement.agreed) {
    expected = Reason::kStatementState;
  } else if (statement.disputes.contains(line)) {
    expected = Reason::kDisputeState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::DisputeLinesCommand>(
        &desk_.ledger->merchant(),
        merchant::DisputeLinesCommand::Wish{.statement = StatementKeyOf(name),
                                            .lines = {{line, "charged twice"}}});
  });
  if (desk_.expect(expected, outcome)) statement.disputes[line] = {};
}

void SettlementSteps::Resolve() {
  std::vector<std::pair<Name, Sequence>> disputed;
  for (const auto& [name, statement] : statements_) {
    for (const auto& [line, dispute] : statement.disputes) disputed.emplace_back(name, line);
  }
  if (disputed.empty()) return;
  const auto& [name, line] = disputed[desk_.random->Below(disputed.size())];
  const bool proposes = desk_.random->Below(2) == 0;
  return proposes ? Propose(name, line, AnyPerson()) : Confirm(name, line, AnyPerson());
}

void SettlementSteps::Propose(const Name& name, Sequence line, const std::string& person) {
  Dispute& dispute = statements_[name].disputes[line];
  const auto& [number, moved] = *moved_[line].begin();
  std::int64_t points = static_cast<std::int64_t>(desk_.random->Below(21)) - 10;
  // Now and then all that there is, or one more.
  const auto more = static_cast<std::int64_t>(desk_.random->Below(2));
  if (desk_.random->Below(4) == 0) points = points > 0 ? moved.fee + more : -moved.payable - more;
  const Moved left = LeftOf(line, number);
  const std::int64_t most =
      points > 0 ? std::min(moved.fee, left.fee) : std::min(moved.payable, left.payable);
  const merchant::DayFigures figures{.purchases = moved.payable + moved.fee, .fees = moved.fee};
  const UnionNumber origin{points == 0 ? 0 : number};
  Verdict expected;
  if (dispute.resolved) {
    expected = Reason::kDisputeState;
  } else if (std::abs(points) > std::max<std::int64_t>(most, 0)) {
    expected = Reason::kAdjustmentAboveLine;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ProposeResolutionCommand>(
        &desk_.ledger->merchant(),
        merchant::ProposeResolutionCommand::Wish{.dispute = DisputeKeyOf(name, line),
                                                 .points = points,
                                                 .origin = origin,
                                                 .line = figures,
                                                 .purchase = purchase_of_.at(line),
                                                 .person = person});
  });
  if (!desk_.expect(expected, outcome)) return;
  dispute = {.proposer = person, .points = points, .origin = origin};
}

void SettlementSteps::Confirm(const Name& name, Sequence line, const std::string& person) {
  Dispute& dispute = statements_[name].disputes[line];
  const std::int64_t points = dispute.points + (desk_.random->Below(5) == 0 ? 1 : 0);
  const bool other = desk_.random->Below(8) == 0;
  const UnionNumber origin = other ? UnionNumber{1'000} : dispute.origin;
  Verdict expected;
  if (dispute.proposer == person) {
    expected = Reason::kSamePerson;
  } else if (dispute.proposer.empty() || dispute.resolved || points != dispute.points || other) {
    expected = Reason::kDisputeState;
  } else if (points != 0) {
    const Moved left = LeftOf(line, static_cast<std::uint32_t>(origin));
    if (points > left.fee || -points > left.payable) expected = Reason::kAdjustmentAboveLine;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ConfirmResolutionCommand>(
        Till(), merchant::ConfirmResolutionCommand::Wish{.dispute = DisputeKeyOf(name, line),
                                                         .points = points,
                                                         .origin = origin,
                                                         .person = person});
  });
  if (!desk_.expect(expected, outcome)) return;
  dispute.resolved = true;
  EXPECT_EQ(outcome->first().has_entry(), points != 0);
  for (const jv1::Posting& posting : outcome->first().entry().postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    AdjustFee(&model_, purchase_of_.at(line), id_of_(UnionNumber{posting.origin()}),
              posting.points());
  }
}

void SettlementSteps::Compare() {
  const ledger::Readable& store = desk_.ledger->store();
  std::map<std::pair<std::uint32_t, UnionNumber>, std::int64_t> owed;  // By merchant and origin.
  for (const auto& [name, expected] : statements_) {
    const merchant::StatementKey key = StatementKeyOf(name);
    const auto found = merchant::FindStatement(store, key);
    ASSERT_OK(found);
    ASSERT_TRUE(found->has_value());
    const merchant::StatementRow& row = **found;
    EXPECT_EQ(row.cut != 0, expected.cut);
    EXPECT_EQ(row.state == merchant::StatementState::kAgreed ||
                  row.state == merchant::StatementState::kPaid,
              expected.agreed);
    EXPECT_EQ(row.state == merchant::StatementState::kDisputed, expected.Disputed());
    EXPECT_EQ(row.lines.first, expected.lines.front());
    EXPECT_EQ(row.lines.last, expected.lines.back());
    const auto parts = merchant::PartsOf(store, key, row);
    ASSERT_OK(parts);
    for (const auto& [origin, points] : expected.paid_before) {
      owed[{name.first, UnionNumber{origin}}] -= points;
    }
    for (const auto& [origin, part] : *parts) {
      std::int64_t& before = owed[{name.first, origin}];
      EXPECT_EQ(part.payable_before, before);
      const auto added = expected.payable.find(static_cast<std::uint32_t>(origin));
      const std::int64_t points = added == expected.payable.end() ? 0 : added->second;
      EXPECT_EQ(part.figures.Payable(), points);
      before += points;
    }
    if (!expected.cut) continue;
    const auto lines =
        merchant::ListLines(store, key.merchant, row.lines, 0, expected.lines.size() + 1);
    ASSERT_OK(lines);
    ASSERT_EQ(lines->size(), expected.lines.size());
    for (std::size_t i = 0; i < lines->size(); ++i) {
      EXPECT_EQ((*lines)[i].sequence, expected.lines[i]);
    }
  }
}

}  // namespace puhui::testing
