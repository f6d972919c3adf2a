// SPDX-License-Identifier: Apache-2.0
#include "services/bank/bank_csv.h"

#include "issuing/core/csv.h"
#include "issuing/core/csv_columns.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/bank/yuan.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using merchant::BankAnswer;
using merchant::PaymentAnswer;
using merchant::Verdict;

enum Column : std::size_t { kId, kStatus, kAmount, kReason };
constexpr std::array kHeadings = {
    issuing::CsvColumn{"end_to_end_id", "端到端标识"}, issuing::CsvColumn{"status", "状态"},
    issuing::CsvColumn{"amount", "金额"}, issuing::CsvColumn{"reason", "原因", /*required=*/false}};

absl::Status Refuse(std::uint32_t line, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

// As ISO 20022 has it.
std::string StatusOf(const std::string& cell) {
  const std::string status = absl::AsciiStrToUpper(cell);
  if (status == "PAID" || status == "已付") return "ACSC";
  if (status == "REJECTED" || status == "退回") return "RJCT";
  return status;
}

absl::StatusOr<PaymentAnswer> ReadRow(const issuing::CsvReader& reader,
                                      const issuing::CsvColumns& columns) {
  PaymentAnswer payment{.where = absl::StrCat("line ", reader.line())};
  payment.end_to_end_id = columns.Cell(reader.cells(), kId);
  if (payment.end_to_end_id.empty() ||
      payment.end_to_end_id.size() > merchant::kBankIdCharactersMax) {
    return Refuse(reader.line(), "end_to_end_id: want 1 to 35 characters");
  }
  payment.status = StatusOf(columns.Cell(reader.cells(), kStatus));
  const absl::optional<Verdict> verdict = merchant::VerdictOf(payment.status);
  if (!verdict.has_value()) {
    return Refuse(reader.line(), "status: want PAID, REJECTED or a status of ISO 20022");
  }
  payment.verdict = *verdict;
  payment.amount_fen = ParseYuan(columns.Cell(reader.cells(), kAmount));
  if (!payment.amount_fen.has_value()) {
    return Refuse(reader.line(), "amount: want yuan, such as 1234.05");
  }
  payment.reason = columns.Cell(reader.cells(), kReason);
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
  PUHUI_ASSIGN_OR_RETURN(const issuing::CsvColumns columns,
                         issuing::CsvColumns::Find(reader, kHeadings));
  BankAnswer answer;
  absl::flat_hash_map<std::string, std::uint32_t> lines;
  while (true) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, reader.Next());
    if (!more) break;
    if (answer.payments.size() == kBankAnswersMax) {
      return Refuse(reader.line(), absl::StrCat("more than ", kBankAnswersMax, " payments"));
    }
    PUHUI_ASSIGN_OR_RETURN(PaymentAnswer payment, ReadRow(reader, columns));
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
