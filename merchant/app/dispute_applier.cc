// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/dispute_applier.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"

#include "absl/strings/str_cat.h"

namespace puhui::merchant {

namespace jv1 = journal::v1;

namespace {

template <class Of>
StatementKey StatementOf(const Of& of) {
  return {MerchantNumber{of.merchant()}, ledger::DayFromRecord(of.day())};
}

template <class Of>
DisputeKey DisputeOf(const Of& of) {
  return {MerchantNumber{of.merchant()}, ledger::DayFromRecord(of.day()), of.line()};
}

absl::Status Impossible(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("a statement cannot be ", what));
}

}  // namespace

absl::Status DisputeApplier::Apply(const jv1::Record& record) {
  const absl::Time now = absl::FromUnixMicros(record.time_micros());
  if (record.has_statement_agreed()) return Agree(record.statement_agreed(), now);
  if (record.has_lines_disputed()) return Dispute(record.lines_disputed(), now);
  if (record.has_resolution_proposed()) return Propose(record.resolution_proposed(), now);
  if (record.has_dispute_dismissed()) {
    const jv1::DisputeDismissed& dismissed = record.dispute_dismissed();
    return Resolve(DisputeOf(dismissed), 0, dismissed.person(), now);
  }
  if (record.entry().has_adjustment()) {
    const jv1::Adjustment& adjustment = record.entry().adjustment();
    return Resolve(DisputeOf(adjustment), adjustment.points(), adjustment.person(), now);
  }
  return absl::OkStatus();
}

absl::Status DisputeApplier::Agree(const jv1::StatementAgreed& agreed, absl::Time now) {
  StatementRow& statement = tables_.statements.Edit(StatementOf(agreed));
  if (statement.state != StatementState::kCut ||
      agreed.digest() != ledger::AsBytes(statement.lines.digest)) {
    return Impossible("agreed as it stands");
  }
  statement.state = StatementState::kAgreed;
  statement.agree_time = now;
  return absl::OkStatus();
}

absl::Status DisputeApplier::Dispute(const jv1::LinesDisputed& disputed, absl::Time now) {
  const StatementKey key = StatementOf(disputed);
  StatementRow& statement = tables_.statements.Edit(key);
  if (statement.state != StatementState::kCut && statement.state != StatementState::kDisputed) {
    return Impossible("disputed as it stands");
  }
  for (const jv1::DisputedLine& line : disputed.lines()) {
    const DisputeKey dispute{key.merchant, key.day, line.line()};
    if (tables_.disputes.Find(dispute) != nullptr) return Impossible("disputed twice");
    tables_.disputes.Put(dispute, {.reason = line.reason(), .create_time = now});
    ++statement.disputes;
    ++statement.open_disputes;
  }
  statement.state = StatementState::kDisputed;
  return absl::OkStatus();
}

absl::Status DisputeApplier::Propose(const jv1::ResolutionProposed& proposed, absl::Time now) {
  const DisputeKey key = DisputeOf(proposed);
  if (tables_.disputes.Find(key) == nullptr) return Impossible("disputed there");
  DisputeRow& dispute = tables_.disputes.Edit(key);
  if (dispute.state != DisputeState::kOpen && dispute.state != DisputeState::kProposed) {
    return Impossible("disputed any more");
  }
  dispute.state = DisputeState::kProposed;
  dispute.points = proposed.points();
  dispute.origin = UnionNumber{proposed.origin()};
  dispute.resolution_reason = proposed.reason();
  dispute.proposer = proposed.person();
  dispute.propose_time = now;
  dispute.purchase = proposed.purchase();
  return absl::OkStatus();
}

absl::Status DisputeApplier::Resolve(const DisputeKey& key, std::int64_t points,
                                     absl::string_view person, absl::Time now) {
  DisputeRow& dispute = tables_.disputes.Edit(key);
  if (dispute.state != DisputeState::kProposed || dispute.points != points ||
      dispute.proposer == person) {
    return Impossible("resolved so");
  }
  dispute.state = points == 0 ? DisputeState::kDismissed : DisputeState::kAdjusted;
  dispute.resolve_time = now;
  StatementRow& statement = tables_.statements.Edit({key.merchant, key.day});
  if (--statement.open_disputes == 0) statement.state = StatementState::kCut;
  return absl::OkStatus();
}

}  // namespace puhui::merchant
