// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_BANK_ANSWER_COMMAND_H_
#define PUHUI_MERCHANT_APP_BANK_ANSWER_COMMAND_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"
#include "merchant/core/bank_answer.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Takes what the bank says of a run, all of it or nothing. What it paid is posted, payable to
// payout; what it rejected is due again. Of what was decided before it may say the same once more:
// that is known, and nothing comes of it. Records: BankAnswered, then the entries.
// Refuses: NOT_FOUND, PAYOUT_MESSAGE_FOREIGN, PAYMENT_UNKNOWN, PAYOUT_RUN_STATE, PAYMENT_DECIDED,
// PAYMENT_AMOUNT_DIFFERS.
class BankAnswerCommand final : public ledger::Command {
 public:
  struct Wish {
    absl::optional<std::uint32_t> run{};  // Or else that of answer.message_id.
    std::string message_prefix{};
    BankAnswer answer{};
    ledger::Hash file_hash{};
    std::string person{};  // The person behind the identity.
  };
  BankAnswerCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  // A payment of the run, and what is said of it.
  struct Said {
    std::uint32_t payment = 0;
    Verdict verdict = Verdict::kPending;
    std::string status{};
    std::string reason{};
    absl::optional<std::int64_t> amount_fen{};
    std::string where{};
    bool known = false;  // It was said before.
  };
  absl::optional<ledger::Refusal> FindNamed(std::uint32_t run, const PayoutRunRow& row);
  // What is said of payments that are not named.
  absl::optional<ledger::Refusal> AddOthers(std::uint32_t run, const PayoutRunRow& row);
  // Tells what is new from what is known.
  absl::optional<ledger::Refusal> CheckDecided(std::uint32_t run);
  absl::optional<ledger::Refusal> CheckAmounts(std::uint32_t run, const PayoutRunRow& row);
  void Write(std::uint32_t run, ledger::Decision& decision);

  Tables& tables_;
  const Wish wish_;
  std::vector<Said> said_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_BANK_ANSWER_COMMAND_H_
