// SPDX-License-Identifier: Apache-2.0
#include "services/cli/statement_file.h"

#include "services/cli/enum_text.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <string>

namespace puhui::services {
namespace {

// As docs/data-format.md says: what digests are over.
std::string CanonicalText(const v1::StatementLine& line) {
  const absl::string_view terminal = line.terminal();
  const std::size_t slash = terminal.rfind('/');
  return absl::StrCat(line.sequence(), ",", static_cast<int>(line.kind()), ",",
                      absl::ToUnixMicros(FromTimestamp(line.time())), ",",
                      slash == absl::string_view::npos ? terminal : terminal.substr(slash + 1), ",",
                      line.batch_number(), ",", line.trace_number(), ",", line.original_sequence(),
                      ",", line.points(), ",", line.fee_points(), ",", line.discount_points(),
                      "\n");
}

}  // namespace

StatementCheck::Sums StatementCheck::SumsOf(const v1::StatementFigures& figures) {
  return {.points = figures.purchase_points() - figures.refund_points() -
                    figures.earlier_refund_points() - figures.reversal_points() +
                    figures.adjustment_points(),
          .fees = figures.fee_points(),
          .discounts = figures.discount_points()};
}

void StatementCheck::Take(const v1::GetStatementResponse& part) {
  if (part.has_statement()) head_ = part;
  for (const v1::StatementLine& line : part.lines()) Add(line);
}

void StatementCheck::Add(const v1::StatementLine& line) {
  const v1::StatementLineKind kind = line.kind();
  if (kind == v1::STATEMENT_LINE_KIND_PURCHASE) ++purchases_;
  if (kind == v1::STATEMENT_LINE_KIND_REFUND || kind == v1::STATEMENT_LINE_KIND_EARLIER_REFUND) {
    ++refunds_;
  }
  if (kind == v1::STATEMENT_LINE_KIND_REVERSAL) ++reversals_;
  if (kind == v1::STATEMENT_LINE_KIND_ADJUSTMENT) ++adjustments_;
  sums_.points += line.points();
  sums_.fees += line.fee_points();
  sums_.discounts += line.discount_points();
  for (const v1::LineOrigin& origin : line.origins()) {
    Sums& sums = unions_[origin.union_()];
    sums.points += origin.points();
    sums.fees += origin.fee_points();
    sums.discounts += origin.discount_points();
  }
  digest_ = sha256_.Digest(ledger::AsBytes(digest_), CanonicalText(line));
}

bool StatementCheck::UnionsAreAlike() const {
  std::map<std::string, Sums> said;
  for (const v1::OriginFigures& origin : head_.origins()) {
    said[origin.union_()] = SumsOf(origin.figures());
  }
  // One of which something was payable before may have no line.
  std::map<std::string, Sums> seen = unions_;
  for (const auto& [name, sums] : said) seen.try_emplace(name);
  return seen == said;
}

absl::Status StatementCheck::Compare() const {
  const v1::Statement& statement = head_.statement();
  const bool as_many =
      purchases_ == statement.purchase_lines() && refunds_ == statement.refund_lines() &&
      reversals_ == statement.reversal_lines() && adjustments_ == statement.adjustment_lines();
  if (!statement.partial() && !as_many) {
    return absl::DataLossError("there are not as many lines as the statement says");
  }
  if (sums_ != SumsOf(statement.figures())) {
    return absl::DataLossError("the lines do not add up to what the statement says");
  }
  if (!UnionsAreAlike()) {
    return absl::DataLossError("the lines do not add up to what the statement says of a union");
  }
  if (!statement.partial() && statement.digest() != ledger::AsBytes(digest_)) {
    return absl::DataLossError("the lines are others than the statement's digest is of");
  }
  return absl::OkStatus();
}

void WriteLineHeadings(CsvFile& file) {
  for (const char* heading : {"record", "kind", "time", "terminal", "batch", "trace", "original",
                              "points", "fee", "discount", "unions"}) {
    file.row().Text(heading);
  }
  file.EndRow();
}

void WriteLine(const v1::StatementLine& line, CsvFile& file) {
  file.row()
      .Text(absl::StrCat(line.sequence()))
      .Text(EnumText(line.kind()))
      .Text(FormatUtc(line.time()))
      .Text(line.terminal())
      .Number(line.batch_number())
      .Number(line.trace_number())
      .Text(line.original_sequence() == 0 ? "" : absl::StrCat(line.original_sequence()))
      .Number(line.points())
      .Number(line.fee_points())
      .Number(line.discount_points())
      .Text(absl::StrJoin(line.origins(), " ", [](std::string* text, const v1::LineOrigin& origin) {
        absl::StrAppend(text, origin.union_(), "=", origin.points());
      }));
  file.EndRow();
}

void WriteOriginHeadings(CsvFile& file) {
  for (const char* heading :
       {"union", "payable before", "purchases", "refunds", "earlier refunds", "reversals", "fees",
        "discounts", "adjustments", "paid", "payable after", "invoice remark"}) {
    file.row().Text(heading);
  }
  file.EndRow();
}

void WriteOrigin(const std::string& of, const v1::StatementFigures& figures,
                 const std::string& invoice_remark, CsvFile& file) {
  file.row()
      .Text(of)
      .Number(figures.payable_before_points())
      .Number(figures.purchase_points())
      .Number(figures.refund_points())
      .Number(figures.earlier_refund_points())
      .Number(figures.reversal_points())
      .Number(figures.fee_points())
      .Number(figures.discount_points())
      .Number(figures.adjustment_points())
      .Number(figures.paid_points())
      .Number(figures.payable_after_points())
      .Text(invoice_remark);
  file.EndRow();
}

}  // namespace puhui::services
