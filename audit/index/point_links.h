// SPDX-License-Identifier: Apache-2.0
// Which records moved the same points. Budgets and campaigns are spent oldest first, lot by lot a
// wallet too; a purchase, what was given back of it, and the payout of its statement name each
// other.
#ifndef PUHUI_AUDIT_INDEX_POINT_LINKS_H_
#define PUHUI_AUDIT_INDEX_POINT_LINKS_H_

#include "audit/core/filter.h"
#include "audit/index/trace_reader.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <vector>

namespace puhui::audit {

// Points that a record has in common with another.
struct PointLink {
  Sequence sequence = 0;  // The other record.
  AccountName through{};  // The account that they were in between the two.
  std::uint32_t lot = 0;  // Of a wallet: in which of its lots.
  UnionNumber origin{};   // Whose money they are.
  // Below zero: what a statement has less for the record.
  std::int64_t points = 0;

  friend bool operator==(const PointLink&, const PointLink&) = default;
};
using PointLinkList = std::vector<PointLink>;

// Absent: every origin.
using WantedOrigin = absl::optional<UnionNumber>;

// For one trace. Threads: none. Borrows: the reader.
class PointLinks {
 public:
  explicit PointLinks(TraceReader* reader) : reader_(*reader) {}

  // The records that the points of an entry came from, and those that they went to.
  // Fails: as the index and the journal.
  absl::StatusOr<PointLinkList> CameFrom(const journal::v1::Record& record, WantedOrigin origin);
  absl::StatusOr<PointLinkList> WentTo(const journal::v1::Record& record, WantedOrigin origin);

 private:
  struct LotMove {
    Sequence sequence = 0;
    UnionNumber origin{};
    std::int64_t points = 0;  // Positive: came in.
  };
  using Lots = std::map<std::uint32_t, std::vector<LotMove>>;

  absl::Status AddPools(const journal::v1::Record& record, bool back, WantedOrigin origin,
                        PointLinkList* links);
  absl::Status AddPoolSources(const PointLink& out, Sequence of, PointLinkList* links);
  absl::Status AddPoolUses(const PointLink& in, Sequence of, PointLinkList* links);
  absl::Status AddLots(const journal::v1::Record& record, bool back, WantedOrigin origin,
                       PointLinkList* links);
  absl::StatusOr<const Lots*> LotsOf(MemberId member);

  TraceReader& reader_;
  absl::flat_hash_map<MemberId, Lots> lots_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_POINT_LINKS_H_
