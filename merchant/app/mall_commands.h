// SPDX-License-Identifier: Apache-2.0
// Who may be a mall, within which limits, and which malls members have linked. What malls do is in
// mall_call_commands.h.
#ifndef PUHUI_MERCHANT_APP_MALL_COMMANDS_H_
#define PUHUI_MERCHANT_APP_MALL_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/tables.h"

#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// A terminal that nobody has a certificate for, and the mall: two records.
// Refuses: NOT_FOUND (merchant, store), ALREADY_EXISTS (the mall, or a terminal of that id),
// MERCHANT_NOT_ACTIVE.
class EnableMallCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId store{};
    TerminalId terminal{};
    MallLimits limits{};
    std::string person{};
  };
  EnableMallCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// What is wished for changes, the rest stays. Refuses: NOT_FOUND.
class ChangeMallCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    absl::optional<MallState> state{};
    absl::optional<MallLimits> limits{};
    std::string reason{};
    std::string person{};
  };
  ChangeMallCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// The member takes back what LinkMallCommand gave. Refuses: NOT_FOUND, also when that was done
// before.
class UnlinkMallCommand final : public ledger::Command {
 public:
  UnlinkMallCommand(Tables* tables, MemberId member, MerchantId merchant)
      : tables_(*tables), member_(member), merchant_(std::move(merchant)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const MemberId member_;
  const MerchantId merchant_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MALL_COMMANDS_H_
