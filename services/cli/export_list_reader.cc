// SPDX-License-Identifier: Apache-2.0
// Exports of what is listed: who looked at personal data, mandates, and the months.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/enum_text.h"
#include "services/cli/export_reader.h"
#include "services/cli/flags.h"
#include "services/cli/times.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

// Empty when there is none.
std::string TimeCell(bool there, const google::protobuf::Timestamp& time) {
  return there ? FormatUtc(time) : "";
}
std::string SequenceCell(std::uint64_t sequence) {
  return sequence == 0 ? "" : absl::StrCat(sequence);
}

class RevealReader final
    : public PagedExport<v1::AccessService::Stub, v1::ListRevealsRequest, v1::ListRevealsResponse> {
 public:
  RevealReader() : PagedExport(&v1::AccessService::Stub::ListReveals) {}

  const char* unit() const override { return "reveals"; }
  std::vector<const char*> headings() const override {
    return {"record", "time", "caller", "person", "member", "fields", "auditor", "why"};
  }
  void AddFlags(CLI::App& app) override {
    AddName(app, "union", mutable_request().mutable_parent(), "unions")->required();
  }

 private:
  static void AddReveal(const v1::Reveal& reveal, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(reveal);
    const bool all = reveal.member().empty();
    csv->Text(absl::StrCat(reveal.sequence()))
        .Text(FormatUtc(reveal.time()))
        .Text(reveal.caller())
        .Text(reveal.person())
        .Text(all ? "all" : reveal.member())
        .Text(all ? "all" : absl::StrJoin(reveal.fields(), " "))
        .Text(reveal.break_glass() ? "yes" : "no")
        .Text(reveal.reason());
    csv->EndRow();
  }
  void Add(const v1::ListRevealsResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::Reveal& reveal : page.reveals()) AddReveal(reveal, lines);
    place.count += static_cast<std::uint64_t>(page.reveals_size());
  }
};

class MandateReader final : public PagedExport<v1::AccessService::Stub, v1::ListMandatesRequest,
                                               v1::ListMandatesResponse> {
 public:
  MandateReader() : PagedExport(&v1::AccessService::Stub::ListMandates) {}

  const char* unit() const override { return "mandates"; }
  std::vector<const char*> headings() const override {
    return {"auditor",  "union",   "from",       "until",   "valid_until",
            "purposes", "granted", "granted_by", "revoked", "revoked_by"};
  }
  void AddFlags(CLI::App& /*app*/) override {}

 private:
  static void AddMandate(const v1::Mandate& mandate, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(mandate);
    csv->Text(mandate.auditor())
        .Text(mandate.in_union())
        .Text(TimeCell(mandate.has_from_time(), mandate.from_time()))
        .Text(TimeCell(mandate.has_until_time(), mandate.until_time()))
        .Text(TimeCell(mandate.has_valid_until_time(), mandate.valid_until_time()))
        .Text(absl::StrJoin(mandate.purposes(), "; "))
        .Text(TimeCell(mandate.has_grant_time(), mandate.grant_time()))
        .Text(mandate.granted_by())
        .Text(TimeCell(mandate.has_revoke_time(), mandate.revoke_time()))
        .Text(mandate.revoked_by());
    csv->EndRow();
  }
  void Add(const v1::ListMandatesResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::Mandate& mandate : page.mandates()) AddMandate(mandate, lines);
    place.count += static_cast<std::uint64_t>(page.mandates_size());
  }
};

class PeriodReader final
    : public PagedExport<v1::AuditService::Stub, v1::ListPeriodsRequest, v1::ListPeriodsResponse> {
 public:
  PeriodReader() : PagedExport(&v1::AuditService::Stub::ListPeriods) {}

  const char* unit() const override { return "periods"; }
  std::vector<const char*> headings() const override {
    return {"period",  "state", "first", "last",   "ends",
            "entries", "lines", "root",  "digest", "closed_by_record"};
  }
  void AddFlags(CLI::App& /*app*/) override {}

 private:
  static void AddPeriod(const v1::Period& period, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(period);
    const bool closed = period.state() == v1::PERIOD_STATE_CLOSED;
    csv->Text(period.name())
        .Text(EnumText(period.state()))
        .Text(SequenceCell(period.first_sequence()))
        .Text(SequenceCell(period.last_sequence()))
        .Text(TimeCell(period.has_end_time(), period.end_time()))
        .Text(closed ? absl::StrCat(period.entry_count()) : "")
        .Text(closed ? absl::StrCat(period.line_count()) : "")
        .Text(period.root())
        .Text(period.closing_digest())
        .Text(SequenceCell(period.close_sequence()));
    csv->EndRow();
  }
  void Add(const v1::ListPeriodsResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::Period& period : page.periods()) AddPeriod(period, lines);
    place.count += static_cast<std::uint64_t>(page.periods_size());
  }
};

class PeriodLineReader final
    : public PagedExport<v1::AuditService::Stub, v1::ListPeriodLinesRequest,
                         v1::ListPeriodLinesResponse> {
 public:
  PeriodLineReader() : PagedExport(&v1::AuditService::Stub::ListPeriodLines) {}

  const char* unit() const override { return "lines"; }
  std::vector<const char*> headings() const override {
    return {"account", "origin", "opening", "added", "taken", "closing"};
  }
  void AddFlags(CLI::App& app) override {
    AddName(app, "period", mutable_request().mutable_parent(), "periods")->required();
  }

 private:
  static void AddPeriodLine(const v1::PeriodLine& line, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(line);
    csv->Text(EnumText(line.kind()))
        .Text(line.origin())
        .Number(line.opening_points())
        .Number(line.debit_points())
        .Number(line.credit_points())
        .Number(line.closing_points());
    csv->EndRow();
  }
  void Add(const v1::ListPeriodLinesResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::PeriodLine& line : page.lines()) AddPeriodLine(line, lines);
    place.count += static_cast<std::uint64_t>(page.lines_size());
  }
};

}  // namespace

std::unique_ptr<ExportReader> RevealExport() { return std::make_unique<RevealReader>(); }

std::unique_ptr<ExportReader> MandateExport() { return std::make_unique<MandateReader>(); }

std::unique_ptr<ExportReader> PeriodExport() { return std::make_unique<PeriodReader>(); }

std::unique_ptr<ExportReader> PeriodLineExport() { return std::make_unique<PeriodLineReader>(); }

}  // namespace puhui::services
