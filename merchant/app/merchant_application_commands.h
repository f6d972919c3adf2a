// SPDX-License-Identifier: Apache-2.0
// How a merchant comes to be one: somebody applies, somebody else decides.
#ifndef PUHUI_MERCHANT_APP_MERCHANT_APPLICATION_COMMANDS_H_
#define PUHUI_MERCHANT_APP_MERCHANT_APPLICATION_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// The merchant is APPLIED. Its id is taken from now on, whatever is decided.
// Refuses: ALREADY_EXISTS.
class ApplyMerchantCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId id{};
    std::string display_name{};
    std::uint32_t category = 0;
    std::string person{};  // The person behind the identity.
  };
  ApplyMerchantCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// APPLIED → ACTIVE | REJECTED, once and by somebody else.
// Refuses: SAME_PERSON, NOT_FOUND, MERCHANT_STATE.
class DecideMerchantCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    bool accept = false;
    std::string reason{};
    BasisPoints fee_rate{};      // Of one that is accepted, as are the next two.
    bool balance_shown = false;  // Its tills may ask what a member could spend there.
    bool goods_named = false;    // They may name categories and regions that are not its own.
    std::string person{};        // The person behind the identity.
  };
  DecideMerchantCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MERCHANT_APPLICATION_COMMANDS_H_
