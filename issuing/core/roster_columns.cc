// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/roster_columns.h"

#include "issuing/core/csv.h"
#include "issuing/core/text_encoding.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace puhui::issuing {
namespace {

constexpr std::size_t kQuotedHeadingBytesMax = 48;
constexpr std::ptrdiff_t kQuotedHeadingDigitsMax = 3;

struct Heading {
  absl::string_view text;  // As Normalised leaves it.
  RosterField field;
};

// Money columns (金额, amount) are not here on purpose: whether they mean yuan or points is a
// guess.
constexpr Heading kHeadings[] = {
    {"工号", RosterField::kExternalId},
    {"员工编号", RosterField::kExternalId},
    {"员工工号", RosterField::kExternalId},
    {"职工编号", RosterField::kExternalId},
    {"职工工号", RosterField::kExternalId},
    {"职工号", RosterField::kExternalId},
    {"人员编号", RosterField::kExternalId},
    {"externalid", RosterField::kExternalId},
    {"employeeid", RosterField::kExternalId},
    {"employeeno", RosterField::kExternalId},
    {"employeenumber", RosterField::kExternalId},
    {"staffid", RosterField::kExternalId},
    {"姓名", RosterField::kName},
    {"员工姓名", RosterField::kName},
    {"职工姓名", RosterField::kName},
    {"name", RosterField::kName},
    {"fullname", RosterField::kName},
    {"身份证号", RosterField::kIdNumber},
    {"身份证号码", RosterField::kIdNumber},
    {"身份证", RosterField::kIdNumber},
    {"公民身份号码", RosterField::kIdNumber},
    {"证件号码", RosterField::kIdNumber},
    {"idnumber", RosterField::kIdNumber},
    {"idcard", RosterField::kIdNumber},
    {"nationalid", RosterField::kIdNumber},
    {"手机号", RosterField::kMobile},
    {"手机号码", RosterField::kMobile},
    {"手机", RosterField::kMobile},
    {"移动电话", RosterField::kMobile},
    {"mobile", RosterField::kMobile},
    {"mobilephone", RosterField::kMobile},
    {"mobilenumber", RosterField::kMobile},
    {"phone", RosterField::kMobile},
    {"phonenumber", RosterField::kMobile},
    {"部门", RosterField::kDepartment},
    {"部门名称", RosterField::kDepartment},
    {"所属部门", RosterField::kDepartment},
    {"department", RosterField::kDepartment},
    {"dept", RosterField::kDepartment},
    {"用工形式", RosterField::kEmployment},
    {"用工性质", RosterField::kEmployment},
    {"用工类型", RosterField::kEmployment},
    {"employment", RosterField::kEmployment},
    {"employmenttype", RosterField::kEmployment},
    {"积分", RosterField::kPoints},
    {"发放积分", RosterField::kPoints},
    {"福利积分", RosterField::kPoints},
    {"积分数", RosterField::kPoints},
    {"points", RosterField::kPoints},
};

std::string Normalised(absl::string_view cell) {
  std::string heading = FoldWidth(TrimBlanks(cell));
  absl::AsciiStrToLower(&heading);
  const auto ignored = [](char c) {
    return c == '_' || c == '-' || c == '*' || absl::ascii_isspace(static_cast<unsigned char>(c));
  };
  heading.erase(std::remove_if(heading.begin(), heading.end(), ignored), heading.end());
  return heading;
}

std::optional<RosterField> FieldOf(absl::string_view cell) {
  const std::string normalised = Normalised(cell);
  for (const Heading& heading : kHeadings) {
    if (heading.text == normalised) return heading.field;
  }
  return std::nullopt;
}

// Whether `cell` may be repeated to people. One that is long or has many digits is more likely a
// value that slipped into the header line.
bool LooksLikeHeading(absl::string_view cell) {
  const auto digits = std::count_if(cell.begin(), cell.end(), absl::ascii_isdigit);
  const bool control = std::any_of(cell.begin(), cell.end(), absl::ascii_iscntrl);
  return cell.size() <= kQuotedHeadingBytesMax && digits <= kQuotedHeadingDigitsMax && !control;
}

// "\"婚否\", column 9". When one of them looks like a value the header line has run into a row, and
// none is repeated.
std::string ListForPeople(absl::Span<const absl::string_view> cells,
                          const std::vector<std::size_t>& positions) {
  const bool repeat = std::all_of(positions.begin(), positions.end(), [&](std::size_t position) {
    return LooksLikeHeading(FoldWidth(TrimBlanks(cells[position])));
  });
  return absl::StrJoin(positions, ", ", [&](std::string* out, std::size_t position) {
    const absl::string_view heading = TrimBlanks(cells[position]);
    if (repeat && !heading.empty()) {
      absl::StrAppend(out, "\"", heading, "\"");
    } else {
      absl::StrAppend(out, "column ", position + 1);
    }
  });
}

absl::Status RefuseHeader(std::uint32_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

absl::Status RefuseMissing(const RosterColumns& columns, std::uint32_t line, bool points_required) {
  std::vector<absl::string_view> missing;
  for (const RosterField field : {RosterField::kExternalId, RosterField::kName,
                                  RosterField::kIdNumber, RosterField::kMobile}) {
    if (!columns.Has(field)) missing.push_back(RosterFieldName(field));
  }
  if (points_required && !columns.Has(RosterField::kPoints)) {
    missing.push_back(RosterFieldName(RosterField::kPoints));
  }
  if (missing.empty()) return absl::OkStatus();
  return RefuseHeader(line, absl::StrCat("missing columns: ", absl::StrJoin(missing, ", ")));
}

}  // namespace

bool IsRefusalHeading(absl::string_view cell) {
  const std::string normalised = Normalised(cell);
  return normalised == Normalised(kRefusalHeading) || normalised == "退回原因";
}

absl::StatusOr<RosterColumns> ReadRosterHeader(absl::Span<const absl::string_view> cells,
                                               std::uint32_t line, const ColumnRules& rules) {
  RosterColumns columns;
  columns.positions.fill(RosterColumns::kAbsent);
  columns.width = cells.size();
  while (columns.width > 0 && TrimBlanks(cells[columns.width - 1]).empty()) --columns.width;

  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < columns.width; ++i) {
    const std::optional<RosterField> field = FieldOf(cells[i]);
    if (IsRefusalHeading(cells[i])) continue;
    if (!field.has_value()) {
      unknown.push_back(i);
      continue;
    }
    std::size_t& position = columns.positions[static_cast<std::size_t>(*field)];
    if (position != RosterColumns::kAbsent) {
      return RefuseHeader(line, absl::StrCat("columns ", position + 1, " and ", i + 1, " are both ",
                                             RosterFieldName(*field)));
    }
    position = i;
  }
  if (unknown.size() == columns.width) {
    return RefuseHeader(line, "no known column heading; the first line must be the header");
  }
  if (!unknown.empty() && !rules.ignore_unknown) {
    return RefuseHeader(line, absl::StrCat("unknown columns: ", ListForPeople(cells, unknown)));
  }
  if (absl::Status missing = RefuseMissing(columns, line, rules.points_required); !missing.ok()) {
    return missing;
  }
  return columns;
}

}  // namespace puhui::issuing
