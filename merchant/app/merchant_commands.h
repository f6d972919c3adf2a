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
  };
  RegisterMerchantCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Refuses: NOT_FOUND (the merchant), ALREADY_EXISTS.
class CreateStoreCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId id{};
    std::string display_name{};
    std::uint32_t region = 0;  // GB/T 2260; 0: not known.
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

// Refuses: NOT_FOUND. Blocking a blocked terminal changes nothing and is not refused.
class BlockTerminalCommand final : public ledger::Command {
 public:
  BlockTerminalCommand(Tables* tables, MerchantId merchant, TerminalId id)
      : tables_(*tables), merchant_(std::move(merchant)), id_(std::move(id)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const MerchantId merchant_;
  const TerminalId id_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MERCHANT_COMMANDS_H_
