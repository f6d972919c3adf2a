// SPDX-License-Identifier: Apache-2.0
#include "services/cli/plan_file.h"

#include "issuing/core/csv.h"
#include "issuing/core/roster.h"
#include "issuing/core/roster_cells.h"
#include "issuing/core/roster_columns.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kMemberHeadings[] = {"member", "会员", "会员标识"};
constexpr absl::string_view kIdHeadings[] = {
    "工号",     "员工编号",   "员工工号",   "职工编号",   "职工工号",       "职工号",
    "人员编号", "externalid", "employeeid", "employeeno", "employeenumber", "staffid"};
constexpr absl::string_view kPointsHeadings[] = {"积分", "发放积分", "福利积分", "积分数",
                                                 "points"};

constexpr absl::string_view kCardHeadings[] = {"卡号", "会员卡号", "cardnumber", "card"};
constexpr absl::string_view kIdNumberHeadings[] = {"身份证号", "身份证号码", "idnumber"};
constexpr absl::string_view kReasonHeadings[] = {"事由", "发放事由", "原因", "reason"};

// What a table may name members by; of several columns the first here is read.
struct MemberKey {
  absl::string_view field;
  absl::Span<const absl::string_view> headings;
  void (*set)(const std::string& text, v1::PlanRow& row);
};
const MemberKey kMemberKeys[] = {
    {"member", kMemberHeadings,
     [](const std::string& text, v1::PlanRow& row) {
       row.set_member(absl::StrContains(text, '/') ? text : absl::StrCat("members/", text));
     }},
    {"external_id", kIdHeadings,
     [](const std::string& text, v1::PlanRow& row) { row.set_external_id(text); }},
    {"card_number", kCardHeadings,
     [](const std::string& text, v1::PlanRow& row) { row.set_card_number(text); }},
    {"id_number", kIdNumberHeadings,
     [](const std::string& text, v1::PlanRow& row) { row.set_id_number(text); }},
};

std::string FoldedHeading(absl::string_view cell) {
  const std::string folded = absl::AsciiStrToLower(issuing::FoldWidth(issuing::TrimBlanks(cell)));
  return absl::StrReplaceAll(folded, {{"_", ""}, {"-", ""}, {"*", ""}, {" ", ""}});
}

// The first column with one of `headings`; the number of columns when there is none.
std::size_t ColumnOf(absl::Span<const absl::string_view> cells,
                     absl::Span<const absl::string_view> headings) {
  const auto* const found =
      std::find_if(cells.begin(), cells.end(), [headings](absl::string_view cell) {
        return std::find(headings.begin(), headings.end(), FoldedHeading(cell)) != headings.end();
      });
  return static_cast<std::size_t>(found - cells.begin());
}

struct PlanColumns {
  const MemberKey* key = nullptr;
  std::size_t member = 0;
  std::size_t points = 0;
  std::size_t reason = 0;
};

// Turns the rows of a table of members and points into rows of a plan.
// Threads: one at a time. Borrows: the options.
class PlanRows {
 public:
  PlanRows(const PlanColumns& columns, const PlanFileOptions& options)
      : columns_(columns), options_(options) {}

  void Take(absl::Span<const absl::string_view> cells, std::uint32_t line) {
    v1::PlanRow row;
    issuing::MaybeDefect defect = TakeMember(cells, line, row);
    if (defect.has_value()) return Report(line, columns_.key->field, *defect);
    defect = TakePoints(cells, row);
    if (defect.has_value()) return Report(line, "points", *defect);
    row.set_reason(Cell(cells, columns_.reason));
    plan_.rows.push_back(std::move(row));
    plan_.lines.push_back(line);
  }

  std::size_t rows() const { return plan_.rows.size() + plan_.problems.size(); }
  PlanFile Finish() && { return std::move(plan_); }

 private:
  // A cell that is not there is an empty one.
  static std::string Cell(absl::Span<const absl::string_view> cells, std::size_t column) {
    return column < cells.size() ? issuing::FoldWidth(issuing::TrimBlanks(cells[column]))
                                 : std::string();
  }

  issuing::MaybeDefect TakeMember(absl::Span<const absl::string_view> cells, std::uint32_t line,
                                  v1::PlanRow& row) {
    const std::string id = Cell(cells, columns_.member);
    if (id.empty()) return issuing::CellDefect{issuing::RowReason::kRequired, "empty"};
    if (columns_.key->headings.data() == kIdHeadings) {
      if (issuing::MaybeDefect defect = issuing::CheckExternalId(id)) return defect;
    }
    const auto [first, inserted] = lines_.try_emplace(id, line);
    if (!inserted) {
      return issuing::CellDefect{issuing::RowReason::kDuplicateInFile,
                                 absl::StrCat("first on line ", first->second)};
    }
    columns_.key->set(id, row);
    return std::nullopt;
  }

  issuing::MaybeDefect TakePoints(absl::Span<const absl::string_view> cells,
                                  v1::PlanRow& row) const {
    std::int64_t points = options_.points.value_or(0);
    if (!options_.points.has_value()) {
      const std::string cell = Cell(cells, columns_.points);
      if (cell.empty()) return issuing::CellDefect{issuing::RowReason::kRequired, "empty"};
      if (issuing::MaybeDefect defect = issuing::ReadPoints(cell, &points)) return defect;
    }
    row.set_points(points);
    return std::nullopt;
  }

  void Report(std::uint32_t line, absl::string_view field, const issuing::CellDefect& defect) {
    plan_.problems.push_back(absl::StrCat("line ", line, ": ", field, ": ",
                                          issuing::RowReasonText(defect.reason), " (", defect.shape,
                                          ")"));
  }

  const PlanColumns columns_;
  const PlanFileOptions& options_;
  absl::flat_hash_map<std::string, std::uint32_t> lines_;
  PlanFile plan_;
};

absl::StatusOr<PlanFile> ParseTable(issuing::CsvReader& reader, const PlanFileOptions& options) {
  const std::size_t width = reader.cells().size();
  PlanColumns columns{.points = ColumnOf(reader.cells(), kPointsHeadings),
                      .reason = ColumnOf(reader.cells(), kReasonHeadings)};
  for (const MemberKey& key : kMemberKeys) {
    columns.key = &key;
    columns.member = ColumnOf(reader.cells(), key.headings);
    if (columns.member < width) break;
  }
  if (columns.member == width) {
    return absl::InvalidArgumentError(
        "wanted a column of members: member, external_id (工号), card_number (卡号) or id_number "
        "(身份证号)");
  }
  if (columns.points == width && !options.points.has_value()) {
    return absl::InvalidArgumentError("wanted a column of points (points, 积分), or --points");
  }
  PlanRows rows(columns, options);
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) return std::move(rows).Finish();
    if (rows.rows() == kPlanRowsMax) {
      return absl::OutOfRangeError(absl::StrCat("the plan has more than ", kPlanRowsMax, " rows"));
    }
    rows.Take(reader.cells(), reader.line());
  }
}

absl::StatusOr<PlanFile> ParseWholeRoster(absl::string_view bytes, const PlanFileOptions& options) {
  PUHUI_ASSIGN_OR_RETURN(
      const issuing::Roster roster,
      issuing::ParseRoster(bytes,
                           issuing::RosterOptions{.today = options.today,
                                                  .points_required = !options.points.has_value(),
                                                  .ignore_unknown = true}));
  PlanFile plan;
  plan.rows.reserve(roster.rows.size());
  plan.lines.reserve(roster.rows.size());
  for (const issuing::RosterRow& row : roster.rows) {
    v1::PlanRow& planned = plan.rows.emplace_back();
    planned.set_external_id(row.external_id);
    planned.set_points(options.points.has_value() ? *options.points : *row.points);
    plan.lines.push_back(row.line);
  }
  for (const issuing::RowProblem& problem : roster.problems) {
    plan.problems.push_back(absl::StrCat("line ", problem.line, ": ", problem.field, ": ",
                                         issuing::RowReasonText(problem.reason), " (",
                                         problem.shape, ")"));
  }
  return plan;
}

}  // namespace

absl::StatusOr<PlanFile> ParsePlanFile(absl::string_view bytes, const PlanFileOptions& options) {
  PUHUI_ASSIGN_OR_RETURN(const std::string text, issuing::DecodeToUtf8(bytes));
  issuing::CsvReader reader(text);
  PUHUI_ASSIGN_OR_RETURN(const bool any, reader.Next());
  if (!any) return absl::InvalidArgumentError("line 1: the file is empty, a header is wanted");
  const bool whole_roster =
      issuing::ReadRosterHeader(reader.cells(), reader.line(),
                                issuing::ColumnRules{.points_required = !options.points.has_value(),
                                                     .ignore_unknown = true})
          .ok();
  return whole_roster ? ParseWholeRoster(bytes, options) : ParseTable(reader, options);
}

}  // namespace puhui::services
