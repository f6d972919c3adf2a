// SPDX-License-Identifier: Apache-2.0
// Any bytes as a bank's answer, XML or list: either a refusal or an answer that keeps the promises
// of bank_answer.h.
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "merchant/core/bank_answer.h"
#include "services/bank/bank_csv.h"
#include "services/bank/pain_002.h"

#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses the reader, so that the corpus reaches both.
  const bool list = (data[0] & 1U) != 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto answer =
      list ? puhui::services::ReadBankCsv(bytes) : puhui::services::ReadPain002(bytes);
  if (!answer.ok()) return 0;
  PUHUI_CHECK(list == answer->message_id.empty());
  PUHUI_CHECK(!answer->payments.empty() || answer->others.has_value());
  PUHUI_CHECK(answer->payments.size() <= puhui::kBankAnswersMax);
  std::set<std::string> named;
  for (const puhui::merchant::PaymentAnswer& payment : answer->payments) {
    PUHUI_CHECK(!payment.end_to_end_id.empty() && payment.end_to_end_id.size() <= 35);
    PUHUI_CHECK(named.insert(payment.end_to_end_id).second);
    PUHUI_CHECK(puhui::merchant::VerdictOf(payment.status) == payment.verdict);
    PUHUI_CHECK(payment.reason.size() <= 35);
    PUHUI_CHECK(payment.amount_fen.value_or(0) >= 0);
  }
  return 0;
}
