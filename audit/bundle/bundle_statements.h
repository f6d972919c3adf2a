// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_STATEMENTS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_STATEMENTS_H_

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_payouts.h"
#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <utility>

namespace puhui::audit {

// Adds up the business days of merchants and holds what records of cuts say against it: figures,
// numbers of lines, the digest over them, and what was payable before.
// Threads: none. Borrows: the facts and the books.
class BundleStatements {
 public:
  struct Figures {
    std::uint64_t lines = 0;
    std::uint64_t statements = 0;
    std::uint64_t begun_earlier = 0;  // Cuts of days that began before the range: not added up.
  };

  BundleStatements(const BundleFacts* facts, const BundleBooks* books, bool whole)
      : facts_(*facts), books_(*books), whole_(whole) {}

  // Requires: the record is in the books and in the facts.
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  // What the day came to that the last record cut, by origin; null: it cut none, or one that was
  // not added up.
  const BundleSums* CameTo() const { return came_to_.has_value() ? &*came_to_ : nullptr; }
  const Figures& figures() const { return figures_; }

 private:
  struct Day {
    journal::v1::BusinessDay day;
    bool dated = false;    // It has a day: not of before there were any.
    bool partial = false;  // It began before the range.
    bool first = false;    // Opened as the merchant's first in a range that begins later.
    journal::v1::DayCut sum;
    ledger::Hash digest{};
    BundleSums came_to;
  };
  absl::Status AddLine(const journal::v1::Record& record, std::uint32_t merchant);
  absl::Status Enter(const journal::v1::Record& record, std::uint32_t merchant, Day* running);
  void NotePayout(const journal::v1::Record& record);
  absl::Status Cut(const journal::v1::Record& record);

  const BundleFacts& facts_;
  const BundleBooks& books_;
  const bool whole_;
  Figures figures_;
  absl::optional<BundleSums> came_to_;
  ledger::Sha256 sha256_;
  absl::flat_hash_map<std::uint32_t, Day> running_;
  // That are over, and not cut yet.
  absl::flat_hash_map<std::pair<std::uint32_t, std::int32_t>, Day> over_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_STATEMENTS_H_
