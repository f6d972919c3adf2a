// SPDX-License-Identifier: Apache-2.0
#include "services/cli/rejected_rows.h"

#include "issuing/core/csv.h"
#include "issuing/core/csv_writer.h"
#include "issuing/core/roster.h"
#include "issuing/core/roster_columns.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

std::string Why(const v1::MemberRowResult& result) {
  return absl::StrCat(result.field(), ": ", result.reason(), result.shape().empty() ? "" : " (",
                      result.shape(), result.shape().empty() ? "" : ")");
}

}  // namespace

absl::Status WriteRejectedRows(absl::string_view roster,
                               const std::vector<v1::MemberRowResult>& refused,
                               const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::RosterText text,
                         issuing::DecodeRoster(std::string(roster)));
  issuing::CsvReader reader(text.utf8);
  std::string file;
  issuing::CsvWriter writer(&file);
  PUHUI_ASSIGN_OR_RETURN(bool more, reader.Next());
  std::size_t width = 0;
  std::vector<bool> skipped;  // What an earlier refusal said.
  for (const absl::string_view heading : reader.cells()) {
    skipped.push_back(issuing::IsRefusalHeading(heading));
    if (!skipped.back()) ++width;
  }
  // Blank cells behind the last heading are what spreadsheets add.
  for (std::size_t i = reader.cells().size(); i > 0; --i) {
    if (!issuing::TrimBlanks(reader.cells()[i - 1]).empty()) break;
    skipped.pop_back();
    --width;
  }
  const auto copy = [&](absl::string_view why) {
    std::size_t written = 0;
    for (std::size_t i = 0; i < reader.cells().size(); ++i) {
      if (i < skipped.size() && skipped[i]) continue;
      if (i >= skipped.size() && issuing::TrimBlanks(reader.cells()[i]).empty()) continue;
      writer.Text(issuing::TrimBlanks(reader.cells()[i]));
      ++written;
    }
    for (; written < width; ++written) writer.Text("");
    writer.Text(why).EndRow();
  };
  if (more) copy(issuing::kRefusalHeading);
  for (auto next = refused.begin(); next != refused.end() && more;) {
    PUHUI_ASSIGN_OR_RETURN(more, reader.Next());
    if (!more || reader.line() != next->row()) continue;
    std::string why;
    for (; next != refused.end() && next->row() == reader.line(); ++next) {
      absl::StrAppend(&why, why.empty() ? "" : "; ", Why(*next));
    }
    copy(why);
  }
  return ledger::WriteFileDurably(path, file);
}

}  // namespace puhui::services
