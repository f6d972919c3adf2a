// SPDX-License-Identifier: Apache-2.0
// Who sells, where, and the devices that ask.
#ifndef PUHUI_MERCHANT_APP_MERCHANT_COMMANDS_H_
#define PUHUI_MERCHANT_APP_MERCHANT_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::merchant {

// Refuses: ALREADY_EXISTS.
class RegisterMerchantCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId id{};
    std::string display_name{};
    std::uint32_t category = 0;
    BasisPoints fee_rate{};
    bool balance_shown = false;
    bool goods_named = false;
    std::string time_zone{};  // Empty: that of the configuration.
  };
  RegisterMerchantCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Refuses: NOT_FOUND (the merchant), ALREADY_EXISTS, MERCHANT_NOT_ACTIVE (not accepted, or closed).
class CreateStoreCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId id{};
    std::string display_name{};
    std::uint32_t region = 0;  // GB/T 2260; 0: not known.
    std::string time_zone{};   // IANA; empty: Asia/Shanghai.
  };
  CreateStoreCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Refuses: NOT_FOUND (the merchant or the store), ALREADY_EXISTS, MERCHANT_NOT_ACTIVE.
class EnrollTerminalCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId store{};
    TerminalId id{};
    std::string certificate_pem{};
  };
  EnrollTerminalCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The record that enrols a terminal, under the next number. The caller has judged whether it may.
journal::v1::TerminalEnrolled& AddTerminal(Tables& tables, MerchantNumber merchant,
                                           const EnrollTerminalCommand::Wish& wish,
                                           ledger::Decision& decision);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MERCHANT_COMMANDS_H_
