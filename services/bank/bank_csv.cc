// SPDX-License-Identifier: Apache-2.0
#include "services/bank/bank_csv.h"

#include "issuing/core/csv.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/bank/yuan.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using merchant::BankAnswer;
using merchant::PaymentAnswer;
using merchant::Verdict;

constexpr std::size_t kIdCharactersMax = 35;

enum Column : std::size_t { kId, kStatus, kAmount, kReason };
constexpr std::size_t kColumns = 4;
struct Heading {
  absl::string_view name;
  absl::string_view chinese;
  bool required;
};
constexpr std::array<Heading, kColumns> kHeadings = {{{"end_to_end_id", "端到端标识", true},
                                                      {"status", "状态", true},
                                                      {"amount", "金额", true},
                                                      {"reason", "原因", false}}};

using Places = std::array<std::size_t, kColumns>;

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
    places[i] =
        static_cast<std::size_t>(std::find_if(cells.begin(), cells.end(), is_it) - cells.begin());
    if (places[i] == cells.size() && kHeadings[i].required) {
      return Refuse(reader.line(), absl::StrCat("want a column ", kHeadings[i].name, " (",
                                                kHeadings[i].chinese, ")"));
    }
  }
  return places;
}

// "" in a row that is too short.
std::string CellOf(absl::Span<const absl::string_view> cells, std::size_t place) {
  return place < cells.size() ? issuing::FoldWidth(issuing::TrimBlanks(cells[place]))
                              : std::string();
}

// As ISO 20022 has it.
std::string StatusOf(const std::string& cell) {
  const std::string status = absl::AsciiStrToUpper(cell);
  if (status == "PAID" || status == "已付") return "ACSC";
  if (status == "REJECTED" || status == "退回") return "RJCT";
  return status;
}

absl::StatusOr<PaymentAnswer> ReadRow(const issuing::CsvReader& reader, const Places& places) {
  PaymentAnswer payment{.where = absl::StrCat("line ", reader.line())};
  payment.end_to_end_id = CellOf(reader.cells(), places[kId]);
  if (payment.end_to_end_id.empty() || payment.end_to_end_id.size() > kIdCharactersMax) {
    return Refuse(reader.line(), "end_to_end_id: want 1 to 35 characters");
  }
  payment.status = StatusOf(CellOf(reader.cells(), places[kStatus]));
  const absl::optional<Verdict> verdict = merchant::VerdictOf(payment.status);
  if (!verdict.has_value()) {
    return Refuse(reader.line(), "status: want PAID, REJECTED or a status of ISO 20022");
  }
  payment.verdict = *verdict;
  payment.amount_fen = ParseYuan(CellOf(reader.cells(), places[kAmount]));
  if (!payment.amount_fen.has_value()) {
    return Refuse(reader.line(), "amount: want yuan, such as 1234.05");
  }
  payment.reason = CellOf(reader.cells(), places[kReason]);
  if (!merchant::IsReasonCode(payment.reason)) {
    return Refuse(reader.line(), "reason: want a code of at most 35 characters");
  }
  return payment;
}

}  // namespace

absl::StatusOr<BankAnswer> ReadBankCsv(absl::string_view bytes) {
  if (bytes.size() > kBankFileBytesMax) {
    return Refuse(1, absl::StrCat("the file has more than ", kBankFileBytesMax, " bytes"));
  }
  PUHUI_ASSIGN_OR_RETURN(const std::string text, issuing::DecodeToUtf8(bytes));
  issuing::CsvReader reader(text);
  PUHUI_ASSIGN_OR_RETURN(const bool any, reader.Next());
  if (!any) return Refuse(1, "the file is empty, a header is wanted");
  PUHUI_ASSIGN_OR_RETURN(const Places places, ReadHeader(reader));
  BankAnswer answer;
  absl::flat_hash_map<std::string, std::uint32_t> lines;
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) break;
    if (answer.payments.size() == kBankAnswersMax) {
      return Refuse(reader.line(), absl::StrCat("more than ", kBankAnswersMax, " payments"));
    }
    PUHUI_ASSIGN_OR_RETURN(PaymentAnswer payment, ReadRow(reader, places));
    const auto [first, is_new] = lines.try_emplace(payment.end_to_end_id, reader.line());
    if (!is_new) {
      return Refuse(reader.line(), absl::StrCat("names the payment of line ", first->second));
    }
    answer.payments.push_back(std::move(payment));
  }
  if (answer.payments.empty()) return Refuse(reader.line(), "no payment is named");
  return answer;
}

}  // namespace puhui::services
