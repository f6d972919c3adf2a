// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/index/trace_oracle.h"

#include "audit/core/filter.h"
#include "audit/index/facts_of.h"
#include "ledger/core/terms.h"
#include "tests/unit/audit/index/test_journal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <set>
#include <tuple>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using OfOrigins = std::map<UnionNumber, std::int64_t>;

OfOrigins PayableOf(const jv1::Record& record) {
  OfOrigins points;
  for (const jv1::Posting& posting : record.entry().postings()) {
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE) continue;
    points[UnionNumber{posting.origin()}] += posting.points();
  }
  std::erase_if(points, [](const auto& one) { return one.second == 0; });
  return points;
}

OfOrigins BackInLots(const jv1::Record& record) {
  OfOrigins points;
  for (const jv1::LotChange& change : record.entry().lots()) {
    if (change.points() > 0) points[UnionNumber{change.origin()}] += change.points();
  }
  return points;
}

AccountName PayableOfMerchant(const jv1::Record& record) {
  for (const jv1::Posting& posting : record.entry().postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE || posting.kind() == jv1::ACCOUNT_KIND_FEE) {
      return {.kind = ledger::AccountKind::kPayable, .owner = posting.owner()};
    }
  }
  return {.kind = ledger::AccountKind::kPayable};
}

bool TookPoints(const jv1::Record& record) {
  return record.entry().has_purchase() || record.entry().has_capture();
}

// The payment, if it is one: of which day, and whether it came back.
struct Payment {
  std::uint32_t merchant = 0;
  std::int32_t day = 0;
  bool came_back = false;
};
absl::optional<Payment> PaymentIn(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.has_payout_paid()) {
    return Payment{.merchant = entry.payout_paid().merchant(), .day = entry.payout_paid().day()};
  }
  if (!entry.has_payout_returned()) return absl::nullopt;
  return Payment{.merchant = entry.payout_returned().merchant(),
                 .day = entry.payout_returned().day(),
                 .came_back = true};
}

bool IsPaymentLike(const jv1::Record& record, const Payment& wanted, UnionNumber origin) {
  const auto payment = PaymentIn(record);
  return payment.has_value() && payment->merchant == wanted.merchant &&
         payment->day == wanted.day && payment->came_back == wanted.came_back &&
         PayableOf(record).contains(origin);
}

}  // namespace

struct TraceOracle::Account {
  AccountName name{};
  std::uint32_t lot = 0;
  UnionNumber origin{};

  friend auto operator<=>(const Account&, const Account&) = default;
};

// What is in each account, the first that came in in front.
class TraceOracle::Queues {
 public:
  explicit Queues(TraceOracle* oracle) : oracle_(*oracle) {}

  void Take(const jv1::Record& record) {
    std::map<Account, std::int64_t> pools;
    for (const jv1::Posting& posting : record.entry().postings()) {
      const bool pooled = posting.kind() == jv1::ACCOUNT_KIND_BUDGET ||
                          posting.kind() == jv1::ACCOUNT_KIND_CAMPAIGN;
      if (!pooled) continue;
      pools[{.name = {.kind = static_cast<ledger::AccountKind>(posting.kind()),
                      .owner = posting.owner()},
             .origin = UnionNumber{posting.origin()}}] += posting.points();
    }
    for (const auto& [account, points] : pools) Change(record.sequence(), account, points);
    if (record.entry().member().empty()) return;
    const AccountName wallet{.kind = ledger::AccountKind::kWallet,
                             .member = MemberId::FromBytes(record.entry().member())};
    if (record.entry().has_grant()) {
      const jv1::Grant& grant = record.entry().grant();
      const UnionNumber origin{record.entry().postings().rbegin()->origin()};
      Change(record.sequence(), {wallet, grant.lot(), origin},
             grant.points() - grant.earmarked_points());
      Change(record.sequence(), {wallet, grant.lot() | ledger::kEarmarkedBit, origin},
             grant.earmarked_points());
    }
    for (const jv1::LotChange& change : record.entry().lots()) {
      Change(record.sequence(), {wallet, change.lot(), UnionNumber{change.origin()}},
             change.points());
    }
  }

 private:
  struct Came {
    Sequence with = 0;
    std::int64_t left = 0;
  };

  void Change(Sequence sequence, const Account& account, std::int64_t points) {
    std::deque<Came>& queue = held_[account];
    if (points > 0) queue.push_back({.with = sequence, .left = points});
    for (std::int64_t out = -points; out > 0 && !queue.empty();) {
      Came& oldest = queue.front();
      const std::int64_t of_it = std::min(out, oldest.left);
      oracle_.Link(
          oldest.with, sequence,
          {.through = account.name, .lot = account.lot, .origin = account.origin, .points = of_it});
      out -= of_it;
      oldest.left -= of_it;
      if (oldest.left == 0) queue.pop_front();
    }
  }

  TraceOracle& oracle_;
  std::map<Account, std::deque<Came>> held_;
};

TraceOracle::TraceOracle(const std::vector<jv1::Record>* records) : records_(*records) {
  Queues queues(this);
  ScannedBackground background(records);
  for (const jv1::Record& record : records_) {
    const auto facts = FactsOf(record, background);
    EXPECT_TRUE(facts.ok()) << facts.status();
    facts_.push_back(facts.ok() ? *facts : RecordFacts());
    if (!record.has_entry()) continue;
    queues.Take(record);
    const jv1::Entry& entry = record.entry();
    if (entry.has_refund() || entry.has_reversal()) LinkGivenBack(record);
    if (entry.has_adjustment()) LinkAdjustment(record);
    if (PaymentIn(record).has_value()) LinkPayment(record);
    if (TookPoints(record) || entry.has_adjustment()) LinkToPayout(record);
  }
}

void TraceOracle::Link(Sequence earlier, Sequence later, PointLink link) {
  link.sequence = earlier;
  back_[later].push_back(link);
  link.sequence = later;
  forth_[earlier].push_back(link);
}

// To what was bought: by its own number, or by that of what it was before.
void TraceOracle::LinkGivenBack(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const Sequence number =
      entry.has_refund() ? entry.refund().purchase() : entry.reversal().purchase();
  for (const jv1::Record& one : records_) {
    const bool of_number = one.entry().has_purchase() &&
                           (one.sequence() == number || one.entry().purchase().bill() == number);
    const bool captured =
        one.entry().has_capture() && one.entry().capture().authorization() == number;
    if (!of_number && !captured) continue;
    for (const auto& [origin, points] : BackInLots(record)) {
      Link(one.sequence(), record.sequence(),
           {.through = PayableOfMerchant(record), .origin = origin, .points = points});
    }
    return;
  }
}

void TraceOracle::LinkAdjustment(const jv1::Record& record) {
  for (const auto& [origin, points] : PayableOf(record)) {
    Link(record.entry().adjustment().line(), record.sequence(),
         {.through = PayableOfMerchant(record), .origin = origin, .points = points});
  }
}

// To the payment before it, or to the lines of the statement that it is of.
void TraceOracle::LinkPayment(const jv1::Record& record) {
  const Payment payment = *PaymentIn(record);
  const auto before = [&](const auto& wanted) -> const jv1::Record* {
    for (Sequence at = record.sequence() - 1; at != 0; --at) {
      if (wanted(records_[at - 1])) return &records_[at - 1];
    }
    return nullptr;
  };
  for (const auto& [origin, points] : PayableOf(record)) {
    Payment other = payment;
    other.came_back = !payment.came_back;
    const jv1::Record* const earlier =
        before([&, of = origin](const jv1::Record& one) { return IsPaymentLike(one, other, of); });
    if (earlier != nullptr) {
      const auto between =
          payment.came_back ? ledger::AccountKind::kPayout : ledger::AccountKind::kPayable;
      Link(earlier->sequence(), record.sequence(),
           {.through = {.kind = between, .owner = payment.merchant},
            .origin = origin,
            .points = std::abs(points)});
      continue;
    }
    const jv1::Record* const cut = before([&](const jv1::Record& one) {
      return one.day_cut().merchant() == payment.merchant &&
             one.day_cut().day().day() == payment.day;
    });
    if (cut == nullptr) continue;
    for (Sequence at = cut->day_cut().first_line(); at <= cut->day_cut().last_line(); ++at) {
      const jv1::Record& line = records_[at - 1];
      const OfOrigins of_line = PayableOf(line);
      const bool counts = PayableOfMerchant(line).owner == payment.merchant &&
                          !PaymentIn(line).has_value() && of_line.contains(origin);
      if (!counts) continue;
      back_[record.sequence()].push_back({.sequence = at,
                                          .through = PayableOfMerchant(line),
                                          .origin = origin,
                                          .points = of_line.at(origin)});
    }
  }
}

// To the first payment of the statement that it is a line of.
void TraceOracle::LinkToPayout(const jv1::Record& line) {
  const AccountName payable = PayableOfMerchant(line);
  const Sequence sequence = line.sequence();
  const auto cut = std::find_if(records_.begin(), records_.end(), [&](const jv1::Record& one) {
    return one.has_day_cut() && one.day_cut().merchant() == payable.owner &&
           one.day_cut().first_line() <= sequence && sequence <= one.day_cut().last_line();
  });
  if (cut == records_.end()) return;
  const Payment wanted{.merchant = static_cast<std::uint32_t>(payable.owner),
                       .day = cut->day_cut().day().day()};
  for (const auto& [origin, points] : PayableOf(line)) {
    const auto paid = std::find_if(cut, records_.end(), [&, of = origin](const jv1::Record& one) {
      return IsPaymentLike(one, wanted, of);
    });
    if (paid == records_.end()) continue;
    forth_[sequence].push_back(
        {.sequence = paid->sequence(), .through = payable, .origin = origin, .points = points});
  }
}

std::vector<TraceStep> TraceOracle::Trace(const TraceWish& wish) const {
  const Links& links = wish.direction == Direction::kForward ? forth_ : back_;
  const Filter visible{.scope = wish.scope};
  struct Place {
    Sequence sequence = 0;
    WantedOrigin origin{};
    std::uint32_t distance = 0;
  };
  std::deque<Place> places = {{.sequence = wish.start, .origin = wish.origin}};
  std::set<std::pair<Sequence, UnionNumber>> followed;
  std::vector<TraceStep> steps;
  for (; !places.empty(); places.pop_front()) {
    const Place place = places.front();
    const auto found = links.find(place.sequence);
    if (found == links.end()) continue;
    for (const PointLink& link : found->second) {
      if (place.origin.value_or(link.origin) != link.origin) continue;
      const RecordFacts& facts = facts_[link.sequence - 1];
      if (!Matches(visible, facts)) continue;
      steps.push_back({.of = place.sequence,
                       .link = link,
                       .distance = place.distance + 1,
                       .kind = facts.kind,
                       .time = facts.time});
      if (!followed.insert({link.sequence, link.origin}).second) continue;
      places.push_back({link.sequence, link.origin, place.distance + 1});
    }
  }
  return InOrder(std::move(steps));
}

std::vector<TraceStep> TraceOracle::InOrder(std::vector<TraceStep> steps) {
  const auto key = [](const TraceStep& step) {
    const PointLink& link = step.link;
    return std::tuple(step.distance, step.of, link.sequence, link.through, link.lot, link.origin,
                      link.points);
  };
  std::sort(steps.begin(), steps.end(),
            [&](const TraceStep& a, const TraceStep& b) { return key(a) < key(b); });
  return steps;
}

}  // namespace puhui::audit
