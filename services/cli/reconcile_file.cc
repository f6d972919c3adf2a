// SPDX-License-Identifier: Apache-2.0
#include "services/cli/reconcile_file.h"

#include "issuing/core/csv.h"
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
constexpr std::size_t kColumns = 8;
struct Heading {
  absl::string_view name;
  absl::string_view chinese;
};
constexpr std::array<Heading, kColumns> kHeadings = {{{"reference", "参考号"},
                                                      {"kind", "类型"},
                                                      {"store", "门店"},
                                                      {"terminal", "终端"},
                                                      {"batch", "批次号"},
                                                      {"trace", "流水号"},
                                                      {"points", "积分"},
                                                      {"time", "时间"}}};
using Places = std::array<std::size_t, kColumns>;

struct KindName {
  ReconciledKind kind;
  absl::string_view name;
  absl::string_view chinese;
};
constexpr std::array kKinds = {KindName{ReconciledKind::kPurchase, "PURCHASE", "消费"},
                               KindName{ReconciledKind::kCapture, "CAPTURE", "请款"},
                               KindName{ReconciledKind::kRefund, "REFUND", "退款"},
                               KindName{ReconciledKind::kReversal, "REVERSAL", "冲正"}};

constexpr std::size_t kReferenceDigits = 12;
constexpr std::uint32_t kTraceMax = 999'999;

absl::Status Refuse(std::uint32_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

absl::StatusOr<Places> ReadHeader(const issuing::CsvReader& reader) {
  Places places{};
  const absl::Span<const absl::string_view> cells = reader.cells();
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto is_it = [&](absl::string_view cell) {
      const std::string text = absl::AsciiStrToLower(issuing::FoldWidth(issuing::TrimBlanks(cell)));
      return text == kHeadings[i].name || text == kHeadings[i].chinese;
    };
    if (std::count_if(cells.begin(), cells.end(), is_it) > 1) {
      return Refuse(reader.line(), absl::StrCat("the column ", kHeadings[i].name, " twice"));
    }
    const auto* const found = std::find_if(cells.begin(), cells.end(), is_it);
    if (found == cells.end()) {
      return Refuse(reader.line(), absl::StrCat("want a column ", kHeadings[i].name, " (",
                                                kHeadings[i].chinese, ")"));
    }
    places[i] = static_cast<std::size_t>(found - cells.begin());
  }
  return places;
}

// One row. Threads: one at a time. Borrows: the cells.
class Row {
 public:
  Row(absl::Span<const absl::string_view> cells, const Places& places)
      : cells_(cells), places_(places) {}

  std::string Text(Column column) const {
    const std::size_t place = places_[column];
    return place < cells_.size() ? issuing::FoldWidth(issuing::TrimBlanks(cells_[place]))
                                 : std::string();
  }
  // Whole, and nothing else.
  template <class Number>
  bool Whole(Column column, Number* number) const {
    const std::string text = Text(column);
    return !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text.front())) &&
           absl::SimpleAtoi(text, number);
  }

 private:
  const absl::Span<const absl::string_view> cells_;
  const Places& places_;
};

absl::optional<ReconciledKind> KindOf(const std::string& text) {
  const std::string upper = absl::AsciiStrToUpper(text);
  for (const KindName& named : kKinds) {
    if (upper == named.name || upper == named.chinese) return named.kind;
  }
  return absl::nullopt;
}

absl::optional<absl::Time> TimeOf(const std::string& text, absl::TimeZone zone) {
  absl::Time time;
  std::string problem;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &problem) ||
      absl::ParseTime("%Y-%m-%d %H:%M:%S", text, zone, &time, &problem)) {
    return merchant::ReconciledTime(time);
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
  PUHUI_ASSIGN_OR_RETURN(const Places places, ReadHeader(reader));
  merchant::StoreBooks books;
  absl::flat_hash_set<std::pair<Sequence, ReconciledKind>> named;
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) break;
    ReconciledTransaction sale;
    std::string store;
    const auto fault = ReadRow(Row(reader.cells(), places), zone, &sale, &store);
    if (fault.has_value()) {
      return Refuse(reader.line(), absl::StrCat(kHeadings[*fault].name, ": not one"));
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
