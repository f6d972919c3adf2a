// SPDX-License-Identifier: Apache-2.0
// What a bank says became of payments, whichever file it says it in.
#ifndef PUHUI_MERCHANT_CORE_BANK_ANSWER_H_
#define PUHUI_MERCHANT_CORE_BANK_ANSWER_H_

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

enum class Verdict : std::uint8_t { kPending, kPaid, kRejected };

// What a status of ISO 20022 (ExternalPaymentTransactionStatus1Code) amounts to for us. Nothing for
// one that is not known, and for those that say that the bank changed the payment: a person has to
// look at that.
absl::optional<Verdict> VerdictOf(absl::string_view status);

// Whether a bank's reason may be kept: at most 35 ASCII letters, digits, '.', '-' and '_'. A
// sentence might name somebody.
bool IsReasonCode(absl::string_view reason);

// Max35Text of ISO 20022.
inline constexpr std::size_t kBankIdCharactersMax = 35;

struct PaymentAnswer {
  std::string end_to_end_id{};
  Verdict verdict = Verdict::kPending;
  std::string status{};
  std::string reason{};                       // As IsReasonCode has it.
  absl::optional<std::int64_t> amount_fen{};  // If the bank says it.
  std::string where{};                        // In the file, for people.
};

// What it says of the payments that it does not name.
struct GroupAnswer {
  Verdict verdict = Verdict::kPending;
  std::string status{};
  std::string reason{};
};

struct BankAnswer {
  std::string message_id{};               // Of the file that it answers; empty: it does not say.
  std::vector<PaymentAnswer> payments{};  // Each named once.
  absl::optional<GroupAnswer> others{};
  // Of the whole file that it answers, if it says so.
  absl::optional<std::int64_t> total_fen{};
  absl::optional<std::uint32_t> count{};
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_BANK_ANSWER_H_
