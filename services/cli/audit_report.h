// SPDX-License-Identifier: Apache-2.0
// What an audit report says of a period: sums, and the first of what stands out. It is as long as
// the period has days, however many records that has.
#ifndef PUHUI_SERVICES_CLI_AUDIT_REPORT_H_
#define PUHUI_SERVICES_CLI_AUDIT_REPORT_H_

#include "absl/time/civil_time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::services {

inline constexpr std::int64_t kReportDaysMax = 366;
// Records that are listed one by one.
inline constexpr std::size_t kReportExceptionsMax = 200;

// Points of every account of one kind.
struct ReportBalance {
  std::string account;  // WALLET, as the command line has it.
  std::int64_t opening = 0;
  std::int64_t came = 0;
  std::int64_t went = 0;
  std::int64_t closing = 0;
  friend bool operator==(const ReportBalance&, const ReportBalance&) = default;
};

// How often, and of how many points together.
struct ReportCount {
  std::uint64_t records = 0;
  std::int64_t points = 0;
  friend bool operator==(const ReportCount&, const ReportCount&) = default;
};

struct ReportDay {
  std::int64_t granted = 0;
  std::int64_t spent = 0;
  std::int64_t given_back = 0;  // Refunds and reversals.
  std::int64_t ended = 0;       // Expired and clawed back.
  std::uint64_t declines = 0;
  friend bool operator==(const ReportDay&, const ReportDay&) = default;
};

// One record that an auditor ought to see.
struct ReportException {
  std::string kind;
  std::uint64_t sequence = 0;
  std::string time;
  std::string caller;
  std::int64_t points = 0;
};

// What was checked, and what came of it.
struct ReportCheck {
  enum class What { kOpeningBooks, kClosingBooks, kMovements, kComplete, kHead, kLedger, kReads };
  enum class Outcome { kHolds, kFails, kNotAsked };
  What what = What::kOpeningBooks;
  Outcome outcome = Outcome::kNotAsked;
  std::string detail;
};

struct AuditReport {
  std::string union_name;  // Empty: the whole ledger.
  absl::CivilDay first_day;
  absl::CivilDay last_day;
  std::string zone;
  std::string made;   // When.
  bool ended = true;  // Otherwise the period goes on, and this is up to now.
  std::uint64_t first_sequence = 0;
  std::uint64_t last_sequence = 0;
  std::int64_t points_per_yuan = 100;

  std::vector<ReportBalance> balances;           // In the order of the chart of accounts.
  std::map<std::string, ReportCount> movements;  // By kind of record.
  std::map<absl::CivilDay, ReportDay> days;      // Every one of the period.
  std::map<std::string, ReportCount> declines;   // By reason.
  std::map<std::string, ReportCount> exceptions;
  std::vector<ReportException> first_exceptions;
  std::vector<ReportCheck> checks;
  std::string head;  // The signed note; empty: none was read.

  bool Holds() const {
    for (const ReportCheck& check : checks) {
      if (check.outcome == ReportCheck::Outcome::kFails) return false;
    }
    return true;
  }
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_AUDIT_REPORT_H_
