// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_MONEY_TOWN_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_MONEY_TOWN_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/audit/index/test_journal.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::audit {

// A journal of points that go the ways that a ledger knows, at random: paid in, handed down,
// reserved, granted, bought with, held and captured, given back, expired, cut, paid and set right.
// Nothing is spent that is not there, so every point came from somewhere.
class MoneyTown {
 public:
  explicit MoneyTown(std::uint64_t seed) : random_(seed) {}

  // So many things happen, or come to nothing.
  void Live(int turns);
  TestJournal& journal() { return journal_; }
  SeededRandom& random() { return random_; }

 private:
  static constexpr std::uint32_t kUnions = 3;
  static constexpr std::uint32_t kMerchants = 2;
  static constexpr std::uint64_t kMembers = 3;

  using Budget = std::pair<std::uint32_t, std::uint32_t>;  // The union, and the origin.
  using PointsOfOrigins = std::map<std::uint32_t, std::int64_t>;
  struct Campaign {
    std::uint32_t number = 0;
    std::uint32_t home = 0;  // Its union.
    std::uint32_t origin = 0;
    std::int64_t left = 0;
  };
  struct Lot {
    MemberId member{};
    std::uint32_t lot = 0;
    std::uint32_t campaign = 0;
    std::uint32_t origin = 0;
    std::uint32_t home = 0;  // The union of the campaign.
    std::int64_t points = 0;
  };
  struct Piece {
    std::size_t lot = 0;  // Its place in lots_.
    std::int64_t points = 0;
  };
  // What was bought, or is held to be.
  struct Sale {
    Sequence number = 0;  // What names it: the purchase, or the authorisation.
    Sequence taking = 0;  // The record that took the points; 0: they are held.
    std::uint32_t merchant = 0;
    std::vector<Piece> pieces{};
  };
  struct Day {
    std::uint32_t merchant = 0;
    std::int32_t day = 0;
    std::uint32_t origin = 0;
    std::int64_t points = 0;
    bool paid = false;
  };
  struct OpenDay {
    std::int32_t day = 20'000;
    Sequence first_line = 0;
    Sequence last_line = 0;
    PointsOfOrigins payable{};
  };

  std::uint32_t Number(std::uint32_t most) {
    return static_cast<std::uint32_t>(random_.Below(most) + 1);
  }
  std::int64_t UpTo(std::int64_t most) {
    return static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(most))) + 1;
  }
  Sequence Write(journal::v1::Record record);
  // A line of the merchant's open day.
  void WriteLine(std::uint32_t merchant, const journal::v1::Record& record);
  // One or two lots of one member, with points to spend of each.
  std::vector<Piece> Choose();
  MemberId Spend(const std::vector<Piece>& pieces, journal::v1::Entry* entry);

  void Fund();
  void Allocate();
  void Approve();
  void Grant();
  void Purchase();
  void Hold();
  void Capture();
  void GiveBack();
  void Expire();
  void SetRight();
  void Cut();
  void Pay();

  SeededRandom random_;
  TestJournal journal_;
  std::map<Budget, std::int64_t> budgets_;
  std::vector<Campaign> campaigns_;
  std::vector<Lot> lots_;
  std::vector<Sale> sales_;
  std::vector<Sale> holds_;
  std::vector<Day> days_;  // That were cut, of each origin by itself.
  std::map<std::uint32_t, OpenDay> open_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_MONEY_TOWN_H_
