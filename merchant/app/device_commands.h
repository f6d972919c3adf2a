// SPDX-License-Identifier: Apache-2.0
// The devices with which a member computes payment codes.
#ifndef PUHUI_MERCHANT_APP_DEVICE_COMMANDS_H_
#define PUHUI_MERCHANT_APP_DEVICE_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"
#include "merchant/app/till_commands.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// Gives the device a number, and puts its secret into the vault.
// Refuses: NOT_FOUND, MEMBER_NOT_ACTIVE, DEVICES_LIMIT (the member's at a time, or ever; or all).
class EnrolDeviceCommand final : public ledger::Command {
 public:
  struct Wish {
    MemberId member{};
    std::vector<std::uint32_t> numbers{};  // The first that is not given yet is.
    std::string sealed_secret{};
  };
  EnrolDeviceCommand(TillState state, Wish wish) : state_(state), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  const TillState state_;
  const Wish wish_;
  std::uint32_t number_ = 0;  // Once it is decided.
};

// Refuses: NOT_FOUND. Revoking a revoked device changes nothing and is not refused.
class RevokeDeviceCommand final : public ledger::Command {
 public:
  struct Wish {
    MemberId member{};
    std::uint32_t number = 0;
    std::string person{};
  };
  RevokeDeviceCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Destroys the secrets of a member who is erased: those of all devices there ever were, at most
// kDevicesEverPerMemberMax. The devices stay what they are, and none of their codes is good any
// more. Threads: the writer's alone, from Command::StorePersonalData.
void EraseDeviceSecrets(MemberId member, Tables* tables);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DEVICE_COMMANDS_H_
