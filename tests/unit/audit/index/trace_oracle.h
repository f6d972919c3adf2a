// SPDX-License-Identifier: Apache-2.0
// The way of points as somebody finds it who has every record before them and all the time there
// is: no index, and no account that is only looked at in part.
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_TRACE_ORACLE_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_TRACE_ORACLE_H_

#include "audit/core/record_facts.h"
#include "audit/index/trace_points.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include <map>
#include <vector>

namespace puhui::audit {

// Links all of the records once. Threads: none. Borrows: the records, from 1 on without a gap.
class TraceOracle {
 public:
  explicit TraceOracle(const std::vector<journal::v1::Record>* records);

  // Every step, in the order of InOrder. Bounds of the wish do not count.
  std::vector<TraceStep> Trace(const TraceWish& wish) const;
  // So that those that are equally near can be compared.
  static std::vector<TraceStep> InOrder(std::vector<TraceStep> steps);

 private:
  using Links = std::map<Sequence, PointLinkList>;
  struct Account;
  class Queues;

  // Points of `earlier` that are in `later`, told of both.
  void Link(Sequence earlier, Sequence later, PointLink link);
  void LinkGivenBack(const journal::v1::Record& record);
  void LinkAdjustment(const journal::v1::Record& record);
  void LinkPayment(const journal::v1::Record& record);
  void LinkToPayout(const journal::v1::Record& line);

  const std::vector<journal::v1::Record>& records_;
  std::vector<RecordFacts> facts_;  // Of the same.
  Links back_;
  Links forth_;
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_TRACE_ORACLE_H_
