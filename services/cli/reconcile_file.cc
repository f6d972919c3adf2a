// SPDX-License-Identifier: Apache-2.0
#include "services/cli/reconcile_file.h"

#include "issuing/core/csv.h"
#include "issuing/core/csv_columns.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using merchant::ReconciledKind;
using merchant::ReconciledTransaction;

enum Column : std::size_t { kReference, kKind, kStore, kTerminal, kBatch, kTrace, kPoints, kTime };
constexpr std::array kHeadings = {
    issuing::CsvColumn{"reference", "参考号"}, issuing::CsvColumn{"kind", "类型"},
    issuing::CsvColumn{"store", "门店"},       issuing::CsvColumn{"terminal", "终端"},
    issuing::CsvColumn{"batch", "批次号"},     issuing::CsvColumn{"trace", "流水号"},
    issuing::CsvColumn{"points", "积分"},      issuing::CsvColumn{"time", "时间"}};

// What a cell of each column has to hold.
constexpr std::array<absl::string_view, kHeadings.size()> kWanted = {
    "the digits of a reference, at most 12",
    "PURCHASE (消费), CAPTURE (预授权完成, 完成), REFUND (退款, 退货) or REVERSAL (冲正)",
    "the id of a store, such as s-1",
    "the id of a terminal, such as t-1",
    "the number of a batch",
    "a trace number of at most 6 digits",
    "whole points above zero, without separators",
    "2026-11-28 21:48:31, 2026/11/28 21:48:31 or 2026-11-28T21:48:31+08:00"};

// The first name of a kind is the one that is written.
struct KindName {
  ReconciledKind kind;
  absl::string_view name;
};
constexpr std::array kKinds = {KindName{ReconciledKind::kPurchase, "PURCHASE"},
                               KindName{ReconciledKind::kPurchase, "消费"},
                               KindName{ReconciledKind::kCapture, "CAPTURE"},
                               KindName{ReconciledKind::kCapture, "请款"},
                               KindName{ReconciledKind::kCapture, "完成"},
                               KindName{ReconciledKind::kCapture, "预授权完成"},
                               KindName{ReconciledKind::kRefund, "REFUND"},
                               KindName{ReconciledKind::kRefund, "退款"},
                               KindName{ReconciledKind::kRefund, "退货"},
                               KindName{ReconciledKind::kReversal, "REVERSAL"},
                               KindName{ReconciledKind::kReversal, "冲正"}};

constexpr std::size_t kReferenceDigits = 12;
constexpr std::uint32_t kTraceMax = 999'999;

absl::Status Refuse(std::uint32_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// One row. Threads: one at a time. Borrows: the cells.
class Row {
 public:
  Row(absl::Span<const absl::string_view> cells, const issuing::CsvColumns& columns)
      : cells_(cells), columns_(columns) {}

  std::string Text(Column column) const { return columns_.Cell(cells_, column); }
  // Whole, and nothing else.
  template <class Number>
  bool Whole(Column column, Number* number) const {
    const std::string text = Text(column);
    return !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text.front())) &&
           absl::SimpleAtoi(text, number);
  }

 private:
  const absl::Span<const absl::string_view> cells_;
  const issuing::CsvColumns& columns_;
};

absl::optional<ReconciledKind> KindOf(const std::string& text) {
  const std::string upper = absl::AsciiStrToUpper(text);
  for (const KindName& named : kKinds) {
    if (upper == named.name) return named.kind;
  }
  return absl::nullopt;
}

absl::optional<absl::Time> TimeOf(const std::string& text, absl::TimeZone zone) {
  absl::Time time;
  std::string problem;
  // The last one is how spreadsheets in China write it: 2026/1/5 9:03:07.
  for (const char* const form : {absl::RFC3339_full, "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S"}) {
    if (absl::ParseTime(form, text, zone, &time, &problem)) return merchant::ReconciledTime(time);
  }
  return absl::nullopt;
}

// The column at fault, or nothing.
absl::optional<Column> ReadRow(const Row& row, absl::TimeZone zone, ReconciledTransaction* sale,
                               std::string* store) {
  // A spreadsheet drops zeros in front.
  if (row.Text(kReference).size() > kReferenceDigits || !row.Whole(kReference, &sale->reference) ||
      sale->reference == 0) {
    return kReference;
  }
  const absl::optional<ReconciledKind> kind = KindOf(row.Text(kKind));
  if (!kind.has_value()) return kKind;
  sale->kind = *kind;
  *store = row.Text(kStore);
  if (!StoreId::Parse(*store, "store").ok()) return kStore;
  sale->terminal = row.Text(kTerminal);
  if (!TerminalId::Parse(sale->terminal, "terminal").ok()) return kTerminal;
  if (!row.Whole(kBatch, &sale->batch_number)) return kBatch;
  if (!row.Whole(kTrace, &sale->trace_number) || sale->trace_number > kTraceMax) return kTrace;
  if (!row.Whole(kPoints, &sale->points) || sale->points < 1 || sale->points > Points::kMax) {
    return kPoints;
  }
  const absl::optional<absl::Time> time = TimeOf(row.Text(kTime), zone);
  if (!time.has_value()) return kTime;
  sale->time = *time;
  return absl::nullopt;
}

}  // namespace

absl::string_view KindText(ReconciledKind kind) {
  for (const KindName& named : kKinds) {
    if (named.kind == kind) return named.name;
  }
  std::abort();
}

absl::StatusOr<merchant::StoreBooks> ParseReconcileFile(absl::string_view bytes,
                                                        absl::TimeZone zone) {
  PUHUI_ASSIGN_OR_RETURN(const std::string text, issuing::DecodeToUtf8(bytes));
  issuing::CsvReader reader(text);
  PUHUI_ASSIGN_OR_RETURN(const bool any, reader.Next());
  if (!any) return Refuse(1, "the file is empty, a header is wanted");
  PUHUI_ASSIGN_OR_RETURN(const issuing::CsvColumns columns,
                         issuing::CsvColumns::Find(reader, kHeadings));
  merchant::StoreBooks books;
  absl::flat_hash_set<std::pair<Sequence, ReconciledKind>> named;
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) break;
    ReconciledTransaction sale;
    std::string store;
    const auto fault = ReadRow(Row(reader.cells(), columns), zone, &sale, &store);
    if (fault.has_value()) {
      return Refuse(reader.line(),
                    absl::StrCat(kHeadings[*fault].name, ": want ", kWanted[*fault]));
    }
    if (!named.insert({sale.reference, sale.kind}).second) {
      return Refuse(reader.line(), "reference: the same kind comes with it a second time");
    }
    books[store].push_back(std::move(sale));
  }
  for (auto& [store, sales] : books) std::sort(sales.begin(), sales.end(), merchant::ComesBefore);
  return books;
}

}  // namespace puhui::services
