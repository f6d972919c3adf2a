// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_AUDIT_TALLY_H_
#define PUHUI_SERVICES_CLI_AUDIT_TALLY_H_

#include "puhui/v1/audit_service.pb.h"
#include "services/cli/audit_report.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace puhui::services {

// Days of a report, both included.
struct ReportPeriod {
  absl::CivilDay first;
  absl::CivilDay last;
  friend bool operator==(const ReportPeriod&, const ReportPeriod&) = default;
};

// "2026", "2026-02", "2026-02-01" or "2026-02-01..2026-02-28".
// Refuses: kInvalidArgument, also when it ends before it begins or has more days than a report.
absl::StatusOr<ReportPeriod> ParsePeriod(absl::string_view text);

// Adds up the records of a period, and compares with what the ledger says that accounts held before
// and after. Memory is of days, kinds and unions, not of records.
// Threads: one at a time. Borrows: the report, whose union and days are set.
class AuditTally {
 public:
  AuditTally(AuditReport* report, absl::TimeZone zone, const v1::GetTrialBalanceResponse& opening,
             const v1::GetTrialBalanceResponse& closing);

  // The next record of the period.
  void Take(const v1::RecordView& record);
  // After the last one: the balances, and the checks of what was added up.
  void Finish();

 private:
  struct Moved {
    std::int64_t opening = 0;
    std::int64_t came = 0;
    std::int64_t went = 0;
    std::int64_t closing = 0;
  };
  // Points of one record by kind of account, those of others' money left out.
  using Deltas = std::map<int, std::int64_t>;

  Deltas Move(const v1::RecordView& record, std::int64_t* points);
  void AddToDay(const v1::RecordView& record, const Deltas& deltas);
  void AddException(const std::string& kind, const v1::RecordView& record, std::int64_t points);
  void Judge(const v1::RecordView& record, std::int64_t points);
  void CheckMovements();
  void CheckSequence();

  AuditReport& report_;
  const absl::TimeZone zone_;
  std::set<std::string> origins_;  // Whose money it is about, when it is about a union.
  std::map<std::pair<int, std::string>, Moved> moved_;  // By kind and origin.
  std::uint64_t next_;
  bool in_sequence_ = true;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_TALLY_H_
