// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_tally.h"

#include "puhui/v1/errors.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/money.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <vector>

namespace puhui::services {
namespace {

using JsonValue = google::protobuf::Value;

// Every record of these kinds.
const std::set<std::string>& ExceptionalKinds() {
  static const auto* const kinds = new std::set<std::string>{
      "approvals_voided", "entry/adjustment", "entry/clawed_back",          "entry/payout_returned",
      "entry/reversal",   "lines_disputed",   "payment_correction_decided", "row_refused",
      "terminal_blocked", "tombstone"};
  return *kinds;
}

// What the content of a record has at the end of a path of names; a null value when it is not
// there.
JsonValue ContentAt(const v1::RecordView& record, std::initializer_list<const char*> path) {
  JsonValue at;
  if (!google::protobuf::util::JsonStringToMessage(record.json(), at.mutable_struct_value()).ok()) {
    return JsonValue();
  }
  for (const char* const name : path) {
    const auto& fields = at.struct_value().fields();
    const auto found = fields.find(name);
    if (found == fields.end()) return JsonValue();
    const JsonValue next = found->second;
    at = next;
  }
  return at;
}

std::string DeclineReason(const v1::RecordView& record) {
  const JsonValue reason = ContentAt(record, {"declined", "reason"});
  return EnumText(static_cast<v1::Reason>(static_cast<int>(reason.number_value())));
}

// Numbers of 64 bits are text in JSON.
std::int64_t DeclinedPoints(const v1::RecordView& record) {
  std::int64_t points = 0;
  const JsonValue said = ContentAt(record, {"declined", "points"});
  return absl::SimpleAtoi(said.string_value(), &points) ? points : 0;
}

bool ParseDay(absl::string_view text, absl::CivilDay* day) {
  // ParseCivilTime alone would take "26-2-1" for a day of the first century.
  return text.size() == 10 && absl::ParseCivilTime(text, day);
}

bool ParsePart(absl::string_view text, ReportPeriod* period) {
  if (text.size() == 4) {
    absl::CivilYear year;
    if (!absl::ParseCivilTime(text, &year)) return false;
    *period = {absl::CivilDay(year), absl::CivilDay(year + 1) - 1};
    return true;
  }
  if (text.size() == 7) {
    absl::CivilMonth month;
    if (!absl::ParseCivilTime(text, &month)) return false;
    *period = {absl::CivilDay(month), absl::CivilDay(month + 1) - 1};
    return true;
  }
  if (!ParseDay(text, &period->first)) return false;
  period->last = period->first;
  return true;
}

std::int64_t At(const std::map<int, std::int64_t>& deltas, v1::AccountKind kind) {
  const auto found = deltas.find(kind);
  return found == deltas.end() ? 0 : found->second;
}

}  // namespace

absl::StatusOr<ReportPeriod> ParsePeriod(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, "..");
  ReportPeriod period;
  bool fits = false;
  if (parts.size() == 1) fits = ParsePart(text, &period);
  if (parts.size() == 2)
    fits = ParseDay(parts[0], &period.first) && ParseDay(parts[1], &period.last);
  if (!fits) {
    return absl::InvalidArgumentError(absl::StrCat(
        "wanted a period such as 2026, 2026-02 or 2026-02-01..2026-02-28, got \"", text, "\""));
  }
  if (period.last < period.first || period.last - period.first >= kReportDaysMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("wanted a period of 1 to ", kReportDaysMax, " days, got \"", text, "\""));
  }
  return period;
}

AuditTally::AuditTally(AuditReport* report, absl::TimeZone zone,
                       const v1::GetTrialBalanceResponse& opening,
                       const v1::GetTrialBalanceResponse& closing)
    : report_(*report), zone_(zone), next_(opening.as_of_sequence() + 1) {
  report_.first_sequence = next_;
  report_.last_sequence = closing.as_of_sequence();
  for (absl::CivilDay day = report_.first_day; day <= report_.last_day; ++day) report_.days[day];
  for (const v1::TrialBalanceLine& line : opening.lines()) {
    moved_[{line.kind(), line.origin()}].opening = line.points();
  }
  for (const v1::TrialBalanceLine& line : closing.lines()) {
    moved_[{line.kind(), line.origin()}].closing = line.points();
  }
  for (const auto& [account, moved] : moved_) origins_.insert(account.second);
  const auto books = [&](ReportCheck::What what, const v1::GetTrialBalanceResponse& answer) {
    const bool holds = answer.balanced() && answer.sum() == 0;
    report_.checks.push_back(
        {.what = what,
         .outcome = holds ? ReportCheck::Outcome::kHolds : ReportCheck::Outcome::kFails,
         .detail =
             absl::StrCat("#", FormatCount(answer.as_of_sequence()), ": Σ = ", answer.sum())});
  };
  books(ReportCheck::What::kOpeningBooks, opening);
  books(ReportCheck::What::kClosingBooks, closing);
}

void AuditTally::Take(const v1::RecordView& record) {
  const bool whole = report_.union_name.empty();
  if (record.sequence() < next_ || (whole && record.sequence() > next_)) in_sequence_ = false;
  next_ = record.sequence() + 1;
  std::int64_t points = 0;
  const Deltas deltas = Move(record, &points);
  ReportCount& count = report_.movements[record.kind()];
  ++count.records;
  count.points += points;
  AddToDay(record, deltas);
  Judge(record, points);
}

AuditTally::Deltas AuditTally::Move(const v1::RecordView& record, std::int64_t* points) {
  Deltas deltas;
  for (const v1::PostingView& posting : record.postings()) {
    if (!report_.union_name.empty() && origins_.count(posting.origin()) == 0) continue;
    Moved& moved = moved_[{posting.kind(), posting.origin()}];
    (posting.points() > 0 ? moved.came : moved.went) += std::abs(posting.points());
    *points += std::max<std::int64_t>(posting.points(), 0);
    deltas[posting.kind()] += posting.points();
  }
  return deltas;
}

void AuditTally::AddToDay(const v1::RecordView& record, const Deltas& deltas) {
  const absl::CivilDay civil = absl::ToCivilDay(FromTimestamp(record.time()), zone_);
  const auto found = report_.days.find(civil);
  if (found == report_.days.end()) return;
  ReportDay& day = found->second;
  const std::string& kind = record.kind();
  const std::int64_t wallet = At(deltas, v1::ACCOUNT_KIND_WALLET);
  const std::int64_t sold = At(deltas, v1::ACCOUNT_KIND_PAYABLE) + At(deltas, v1::ACCOUNT_KIND_FEE);
  if (kind == "entry/grant") day.granted += wallet;
  if (kind == "entry/purchase" || kind == "entry/capture") day.spent += sold;
  if (kind == "entry/refund" || kind == "entry/reversal") day.given_back -= sold;
  if (kind == "entry/expiry" || kind == "entry/clawed_back") day.ended -= wallet;
  if (kind == "declined") ++day.declines;
}

void AuditTally::Judge(const v1::RecordView& record, std::int64_t points) {
  const std::string& kind = record.kind();
  if (kind == "declined") {
    ReportCount& count = report_.declines[DeclineReason(record)];
    ++count.records;
    count.points += DeclinedPoints(record);
  } else if (ExceptionalKinds().count(kind) != 0) {
    AddException(kind, record, points);
  } else if (kind == "entry/refund" &&
             ContentAt(record, {"entry", "refund", "of_earlier_day"}).bool_value()) {
    AddException("earlier_refund", record, points);
  } else if (kind == "member_revealed" &&
             ContentAt(record, {"member_revealed", "break_glass"}).bool_value()) {
    AddException("break_glass", record, points);
  }
}

void AuditTally::AddException(const std::string& kind, const v1::RecordView& record,
                              std::int64_t points) {
  ReportCount& count = report_.exceptions[kind];
  ++count.records;
  count.points += points;
  if (report_.first_exceptions.size() >= kReportExceptionsMax) return;
  report_.first_exceptions.push_back({.kind = kind,
                                      .sequence = record.sequence(),
                                      .time = FormatTime(record.time(), zone_),
                                      .caller = record.caller(),
                                      .points = points});
}

void AuditTally::Finish() {
  std::map<int, ReportBalance> balances;
  for (const auto& [account, moved] : moved_) {
    ReportBalance& balance = balances[account.first];
    balance.account = EnumText(static_cast<v1::AccountKind>(account.first));
    balance.opening += moved.opening;
    balance.came += moved.came;
    balance.went += moved.went;
    balance.closing += moved.closing;
  }
  for (const auto& [kind, balance] : balances) report_.balances.push_back(balance);
  CheckMovements();
  CheckSequence();
}

void AuditTally::CheckMovements() {
  ReportCheck check{
      .what = ReportCheck::What::kMovements, .outcome = ReportCheck::Outcome::kHolds, .detail = ""};
  for (const auto& [account, moved] : moved_) {
    const std::int64_t wanted = moved.opening + moved.came - moved.went;
    if (wanted == moved.closing) continue;
    check.outcome = ReportCheck::Outcome::kFails;
    ReportCount& count = report_.exceptions["difference"];
    ++count.records;
    count.points += std::abs(wanted - moved.closing);
    if (!check.detail.empty()) continue;  // The first one is named.
    check.detail = absl::StrCat(EnumText(static_cast<v1::AccountKind>(account.first)), " ",
                                account.second, ": ", wanted, " ≠ ", moved.closing);
  }
  report_.checks.push_back(std::move(check));
}

// Of a union's records others are between.
void AuditTally::CheckSequence() {
  const bool whole = report_.union_name.empty();
  const bool fails = !in_sequence_ || (whole && next_ != report_.last_sequence + 1);
  using Outcome = ReportCheck::Outcome;
  report_.checks.push_back({.what = ReportCheck::What::kComplete,
                            .outcome = fails   ? Outcome::kFails
                                       : whole ? Outcome::kHolds
                                               : Outcome::kNotAsked,
                            .detail = absl::StrCat("#", FormatCount(report_.first_sequence), " – #",
                                                   FormatCount(report_.last_sequence))});
}

}  // namespace puhui::services
