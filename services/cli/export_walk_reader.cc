// SPDX-License-Identifier: Apache-2.0
// Exports of what is told record by record: histories, the way of points, and who read what.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/access_command.h"
#include "services/cli/audit_trace_command.h"
#include "services/cli/enum_text.h"
#include "services/cli/export_reader.h"
#include "services/cli/times.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstdint>

namespace puhui::services {
namespace {

using WalkStub = v1::AuditService::Stub;

// What stands under "what" in the last row of a file that has less than there is.
constexpr char kMoreThanTold[] = "there is more than is told";

// A file that is read alone has to say so too. `rest`: the last page, without its rows.
template <class Response>
void AddIncomplete(const std::vector<const char*>& headings, const Response& rest,
                   ExportLines& lines) {
  issuing::CsvWriter* const csv = lines.csv();
  if (csv == nullptr) return lines.AddJson(rest);
  for (const absl::string_view heading : headings) {
    csv->Text(heading == "what" ? kMoreThanTold : "");
  }
  csv->EndRow();
}

class HistoryReader final
    : public PagedExport<WalkStub, v1::GetHistoryRequest, v1::GetHistoryResponse> {
 public:
  HistoryReader() : PagedExport(&WalkStub::GetHistory) {}

  const char* unit() const override { return "records"; }
  std::vector<const char*> headings() const override {
    return {"record", "time", "what", "caller", "person", "field", "before", "after"};
  }
  void AddFlags(CLI::App& app) override { AddHistoryFlags(app, mutable_request()); }
  Verdict Judge() const override { return {.remark = incomplete_ ? kMoreThanTold : ""}; }

 private:
  // One row for each field, and one for a record that changed none that is told.
  static void AddEntry(const v1::HistoryEntry& entry, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(entry);
    const auto add = [&](const v1::FieldChange& change) {
      csv->Text(absl::StrCat(entry.sequence()))
          .Text(FormatUtc(entry.time()))
          .Text(entry.kind())
          .Text(entry.caller())
          .Text(entry.person())
          .Text(change.field())
          .Text(change.before())
          .Text(change.after());
      csv->EndRow();
    };
    for (const v1::FieldChange& change : entry.changes()) add(change);
    if (entry.changes().empty()) add({});
  }
  void Add(const v1::GetHistoryResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::HistoryEntry& entry : page.entries()) AddEntry(entry, lines);
    place.count += static_cast<std::uint64_t>(page.entries_size());
    incomplete_ = page.incomplete() && page.next_page_token().empty();
    if (!incomplete_) return;
    v1::GetHistoryResponse rest = page;
    rest.clear_entries();
    AddIncomplete(headings(), rest, lines);
  }

  bool incomplete_ = false;
};

class TraceReader final
    : public PagedExport<WalkStub, v1::TracePointsRequest, v1::TracePointsResponse> {
 public:
  TraceReader() : PagedExport(&WalkStub::TracePoints) {}

  const char* unit() const override { return "steps"; }
  std::vector<const char*> headings() const override {
    return {"step", "of", "record", "time", "what", "account", "owner", "lot", "origin", "points"};
  }
  void AddFlags(CLI::App& app) override { AddTraceFlags(app, mutable_request()); }
  Verdict Judge() const override {
    if (!incomplete_) return {};
    return {.remark = absl::StrCat(kMoreThanTold, ": trace one of the last records to go on")};
  }

 private:
  static void AddStep(const v1::TraceStep& step, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(step);
    csv->Number(step.distance())
        .Text(absl::StrCat(step.of_sequence()))
        .Text(absl::StrCat(step.sequence()))
        .Text(FormatUtc(step.time()))
        .Text(step.kind())
        .Text(EnumText(step.account().kind()))
        .Text(step.account().owner())
        .Text(step.lot() == 0 ? "" : absl::StrCat(step.lot()))
        .Text(step.origin())
        .Number(step.points());
    csv->EndRow();
  }
  void Add(const v1::TracePointsResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::TraceStep& step : page.steps()) AddStep(step, lines);
    place.count += static_cast<std::uint64_t>(page.steps_size());
    // Every page says so, the file once.
    incomplete_ = page.incomplete() && page.next_page_token().empty();
    if (!incomplete_) return;
    v1::TracePointsResponse rest = page;
    rest.clear_steps();
    AddIncomplete(headings(), rest, lines);
  }

  bool incomplete_ = false;
};

class AccessReader final : public PagedExport<v1::AccessService::Stub, v1::ListAccessesRequest,
                                              v1::ListAccessesResponse> {
 public:
  AccessReader() : PagedExport(&v1::AccessService::Stub::ListAccesses) {}

  const char* unit() const override { return "accesses"; }
  std::vector<const char*> headings() const override {
    return {"access", "time", "caller", "person",  "what",
            "filter", "why",  "rows",   "outcome", "begun"};
  }
  void AddFlags(CLI::App& app) override { AddAccessFilterFlags(app, mutable_request()); }

 private:
  static void AddAccess(const v1::Access& access, ExportLines& lines) {
    issuing::CsvWriter* const csv = lines.csv();
    if (csv == nullptr) return lines.AddJson(access);
    csv->Text(absl::StrCat(access.sequence()))
        .Text(FormatUtc(access.time()))
        .Text(access.caller())
        .Text(access.person())
        .Text(access.rpc())
        .Text(access.filter())
        .Text(access.purpose())
        .Text(absl::StrCat(access.rows()))
        .Text(access.outcome())
        .Text(access.begun() == 0 ? "" : absl::StrCat(access.begun()));
    csv->EndRow();
  }
  void Add(const v1::ListAccessesResponse& page, ExportLines& lines,
           ExportFile::Place& place) override {
    for (const v1::Access& access : page.accesses()) AddAccess(access, lines);
    place.count += static_cast<std::uint64_t>(page.accesses_size());
  }
};

}  // namespace

std::unique_ptr<ExportReader> HistoryExport() { return std::make_unique<HistoryReader>(); }

std::unique_ptr<ExportReader> TraceExport() { return std::make_unique<TraceReader>(); }

std::unique_ptr<ExportReader> AccessExport() { return std::make_unique<AccessReader>(); }

}  // namespace puhui::services
