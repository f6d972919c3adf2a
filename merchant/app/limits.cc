// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/limits.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <tuple>
#include <utility>

namespace puhui::merchant {
namespace {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Tag;

// In the order in which they are asked; none for a terminal or a card where there is none.
std::array<absl::optional<LimitKey>, 4> KeysOf(const PaidBy& by) {
  std::array<absl::optional<LimitKey>, 4> keys = {
      absl::nullopt,
      LimitKey{.subject = LimitSubject::kMerchant,
               .number = static_cast<std::uint32_t>(by.merchant)},
      LimitKey{.subject = LimitSubject::kMember, .who = ledger::TagFromBytes(by.member.ToBytes())},
      absl::nullopt};
  if (by.terminal.has_value()) {
    keys[0] = LimitKey{.subject = LimitSubject::kTerminal,
                       .number = static_cast<std::uint32_t>(*by.terminal)};
  }
  if (by.card.has_value()) keys[3] = LimitKey{.subject = LimitSubject::kCard, .who = *by.card};
  return keys;
}

// Of a payment at `now`: days of limits are those of China, wherever the store is. Of a member who
// pays in two zones there would be two at once, and each payment would begin a day anew.
PayingMoment MomentOf(absl::Time now) { return {.now = now, .day = DayAtStore(now, "")}; }

// Nobody has set any, for anybody.
bool NoLimits(Tables& tables) {
  const std::uint32_t* rows = tables.counts.Find(kLimitCount);
  return rows == nullptr || *rows == 0;
}

bool IsOwn(const LimitKey& key) { return key != LimitKey{.subject = key.subject}; }

// Which count is that of limits that somebody of the kind has alone.
std::uint8_t OwnCount(LimitSubject subject) {
  return static_cast<std::uint8_t>(kOwnLimitCounts + static_cast<std::uint8_t>(subject));
}

// Their own, or those of everyone of the kind; nullptr when there are none. Where nobody has any
// alone nobody is looked for: a row that is not there takes the longest to find.
const LimitsRow* LimitsOf(Tables& tables, const LimitKey& key) {
  const std::uint32_t* own_rows = tables.counts.Find(OwnCount(key.subject));
  const bool any_own = own_rows != nullptr && *own_rows > 0;
  const LimitsRow* own = any_own ? tables.limits.Find(key) : nullptr;
  return own != nullptr ? own : tables.limits.Find({.subject = key.subject});
}

absl::Status ReadLimits(const google::protobuf::RepeatedPtrField<jv1::Limit>& stored,
                        std::vector<Limit>* limits) {
  for (const jv1::Limit& limit : stored) {
    if (limit.window() < 1 || limit.window() > kLimitWindows) {
      return absl::DataLossError(absl::StrCat("a limit for window ", limit.window()));
    }
    Limit& read = limits->emplace_back();
    read.window = static_cast<LimitWindow>(limit.window());
    if (limit.has_count_max()) read.count_max = limit.count_max();
    if (limit.has_points_max()) read.points_max = limit.points_max();
  }
  return absl::OkStatus();
}

}  // namespace

absl::optional<LimitFound> FindLimit(Tables& tables, const PaidBy& by, Points points,
                                     absl::Time now) {
  if (NoLimits(tables)) return absl::nullopt;
  const PayingMoment moment = MomentOf(now);
  for (const absl::optional<LimitKey>& key : KeysOf(by)) {
    const LimitsRow* row = key.has_value() ? LimitsOf(tables, *key) : nullptr;
    if (row == nullptr) continue;
    const Velocity* paid = tables.velocities.Find(*key);
    const auto broken =
        FindBroken(row->limits, paid == nullptr ? Velocity() : *paid, moment, points);
    if (broken.has_value()) return LimitFound{.subject = key->subject, .broken = *broken};
  }
  return absl::nullopt;
}

absl::StatusOr<std::vector<LimitsMet>> ReadLimitsOn(const PaidBy& by,
                                                    const ledger::Readable& store) {
  std::vector<LimitsMet> met;
  for (const absl::optional<LimitKey>& key : KeysOf(by)) {
    if (!key.has_value()) continue;
    PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, kLimitTable, *key));
    if (!row.has_value()) {
      PUHUI_ASSIGN_OR_RETURN(row,
                             ledger::Find(store, kLimitTable, LimitKey{.subject = key->subject}));
    }
    if (!row.has_value()) continue;
    PUHUI_ASSIGN_OR_RETURN(const auto paid, ledger::Find(store, kVelocityTable, *key));
    met.push_back({.subject = key->subject,
                   .limits = std::move(row->limits),
                   .paid = paid.value_or(Velocity())});
  }
  return met;
}

absl::optional<LimitFound> FindLimit(const std::vector<LimitsMet>& met, Points points,
                                     absl::Time now) {
  for (const LimitsMet& of : met) {
    const auto broken = FindBroken(of.limits, of.paid, MomentOf(now), points);
    if (broken.has_value()) return LimitFound{.subject = of.subject, .broken = *broken};
  }
  return absl::nullopt;
}

std::int64_t MostPayable(const std::vector<LimitsMet>& met, std::int64_t available,
                         absl::Time now) {
  for (const LimitsMet& of : met) {
    available =
        std::min(available, MostPayable(of.limits, of.paid, MomentOf(now)).value_or(available));
  }
  return available;
}

Reason ReasonOf(LimitSubject subject) {
  switch (subject) {
    case LimitSubject::kTerminal:
      return Reason::kTerminalLimit;
    case LimitSubject::kMerchant:
      return Reason::kMerchantLimit;
    case LimitSubject::kMember:
      return Reason::kMemberLimit;
    case LimitSubject::kCard:
      return Reason::kCardLimit;
  }
  std::abort();
}

ledger::Refusal RefuseLimit(LimitSubject subject, LimitWindow window, bool of_points) {
  return {.reason = ReasonOf(subject),
          .message = absl::StrCat("no more may be paid within this ", LimitWindowName(window)),
          .metadata = {{"window", std::string(LimitWindowName(window))},
                       {"measure", of_points ? "POINTS" : "COUNT"}}};
}

absl::optional<LimitSubject> SubjectOf(Reason reason) {
  for (const LimitSubject subject : {LimitSubject::kTerminal, LimitSubject::kMerchant,
                                     LimitSubject::kMember, LimitSubject::kCard}) {
    if (ReasonOf(subject) == reason) return subject;
  }
  return absl::nullopt;
}

bool CardsAreLimited(Tables& tables) {
  return !NoLimits(tables) && tables.limits.Find({.subject = LimitSubject::kCard}) != nullptr;
}

absl::Status LimitApplier::Apply(const jv1::Record& record) {
  if (record.has_limits_changed()) return Change(record);
  const jv1::Entry& entry = record.entry();
  if (entry.has_purchase()) return Count(record, entry.purchase());
  return entry.has_authorization() ? Count(record, entry.authorization()) : absl::OkStatus();
}

absl::Status LimitApplier::Change(const jv1::Record& record) {
  const jv1::LimitsChanged& changed = record.limits_changed();
  const bool known = changed.subject() >= 1 && changed.subject() <= 4;
  if (!known || (!changed.member().empty() && changed.member().size() != MemberId::kBytes)) {
    return absl::DataLossError("limits changed of nobody");
  }
  LimitKey key{.subject = static_cast<LimitSubject>(changed.subject()), .number = changed.number()};
  if (!changed.member().empty()) key.who = ledger::TagFromBytes(changed.member());
  LimitsRow row{.change = record.sequence(), .time = absl::FromUnixMicros(record.time_micros())};
  PUHUI_RETURN_IF_ERROR(ReadLimits(changed.after(), &row.limits));
  const int before = tables_.limits.Find(key) != nullptr ? 1 : 0;
  const int after = row.limits.empty() ? 0 : 1;
  if (after == 0) {
    tables_.limits.Erase(key);
  } else {
    tables_.limits.Put(key, std::move(row));
  }
  tables_.AddToCount(kLimitCount, after - before);
  if (IsOwn(key)) tables_.AddToCount(OwnCount(key.subject), after - before);
  return absl::OkStatus();
}

template <class Spent>
absl::Status LimitApplier::Count(const jv1::Record& record, const Spent& spent) {
  if (NoLimits(tables_)) return absl::OkStatus();
  if (record.entry().member().size() != MemberId::kBytes) {
    return absl::DataLossError("a payment without its member");
  }
  const auto points = Points::FromRequest(spent.points(), "points");
  if (!points.ok()) return absl::DataLossError(absl::StrCat("a payment of ", spent.points()));
  PaidBy by{.merchant = MerchantNumber{spent.till().merchant()},
            .member = MemberId::FromBytes(record.entry().member())};
  if (spent.till().terminal() != 0) by.terminal = TerminalNumber{spent.till().terminal()};
  if (spent.card_hash().size() == std::tuple_size_v<Tag>)
    by.card = ledger::TagFromBytes(spent.card_hash());
  const PayingMoment moment = MomentOf(absl::FromUnixMicros(record.time_micros()));
  for (const absl::optional<LimitKey>& key : KeysOf(by)) {
    if (!key.has_value() || LimitsOf(tables_, *key) == nullptr) continue;
    CountPayment(moment, *points, &tables_.velocities.Edit(*key));
  }
  return absl::OkStatus();
}

}  // namespace puhui::merchant
