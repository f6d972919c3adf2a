// SPDX-License-Identifier: Apache-2.0
// Runs of payments, until they are with the bank.
#ifndef PUHUI_MERCHANT_APP_PAYOUT_RUN_COMMANDS_H_
#define PUHUI_MERCHANT_APP_PAYOUT_RUN_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Makes a run of agreed statements. A merchant's days go into runs in their order, each as what it
// came to less what earlier ones fell short by; once that is decided it stays, however often the
// bank has to be asked. Records: PayoutRunCreated.
// Refuses: NOT_FOUND, PAYER_NOT_CONFIGURED, STATEMENT_NOT_DUE, BANK_ACCOUNT_MISSING,
// BANK_ACCOUNT_CHANGED, PAYOUT_ORIGINS_LIMIT, AMOUNT_OVERFLOW.
class CreatePayoutRunCommand final : public ledger::Command {
 public:
  struct Statement {
    MerchantId merchant{};
    absl::CivilDay day{};
    bool account_change_accepted = false;
    // What it came to when it was read, by whose money, ascending; zeros left out. Not set: it was
    // not cut yet.
    absl::optional<std::vector<OriginSum>> came_to{};
  };
  struct Wish {
    std::vector<Statement> statements{};  // 1 to kPaymentsPerRunMax, each once.
    std::uint32_t fen_per_point = 0;      // 0: nobody has said who pays.
    std::string message_prefix{};
    std::string person{};  // The person behind the identity.
  };
  CreatePayoutRunCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: PayoutRunApproved. Refuses: SAME_PERSON, NOT_FOUND, PAYOUT_RUN_STATE,
// BANK_ACCOUNT_CHANGED.
class ApprovePayoutRunCommand final : public ledger::Command {
 public:
  struct Wish {
    std::uint32_t run = 0;
    bool account_changes_accepted = false;
    std::string person{};
  };
  ApprovePayoutRunCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  // A payment whose merchant has another account in use by now.
  absl::optional<ledger::Refusal> FindMoved(const PayoutRunRow& run, absl::Time now);

  Tables& tables_;
  const Wish wish_;
};

// Records: PayoutRunCancelled. Refuses: NOT_FOUND, PAYOUT_RUN_STATE.
class CancelPayoutRunCommand final : public ledger::Command {
 public:
  struct Wish {
    std::uint32_t run = 0;
    std::string reason{};
    std::string person{};
  };
  CancelPayoutRunCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The file is about to be handed out. Records: PayoutRunExported.
// Refuses: NOT_FOUND, PAYOUT_RUN_STATE, PAYOUT_FILE_CHANGED.
class ExportPayoutRunCommand final : public ledger::Command {
 public:
  struct Wish {
    std::uint32_t run = 0;
    // Not set: the run was not approved when it was read, so there is no file.
    absl::optional<ledger::Hash> file_hash{};
    absl::CivilDay execution_day{};
    std::string person{};
  };
  ExportPayoutRunCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// PAYOUT_RUN_STATE, saying where the run stands and where it would have to.
ledger::Refusal RefuseRun(PayoutRunState state, absl::string_view wanted);
// NOT_FOUND at `field`.
ledger::Refusal NoSuchRun(absl::string_view field);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_RUN_COMMANDS_H_
