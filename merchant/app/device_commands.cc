// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/device_commands.h"

#include "ledger/base/limits.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

using ledger::Reason;
using ledger::Refusal;

Refusal TooMany(absl::string_view whose, std::size_t most) {
  return {.reason = Reason::kDevicesLimit,
          .message = absl::StrCat(whose, " at most ", most, " devices"),
          .metadata = {{"devices_max", absl::StrCat(most)}}};
}

}  // namespace

absl::optional<Refusal> EnrolDeviceCommand::Decide(const ledger::DecideContext& /*context*/,
                                                   ledger::Decision& decision) {
  const ledger::Wallet* wallet = state_.views->wallets.Find(wish_.member);
  if (wallet == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "parent", .message = "there is no such member"};
  }
  if (auto refusal = RefuseSpender(wallet->state, ledger::CardState::kActive)) return refusal;
  const MemberDevices* own = state_.tables->member_devices.Find(wish_.member);
  if (own != nullptr && own->devices.size() >= kDevicesPerMemberMax) {
    return TooMany("a member has", kDevicesPerMemberMax);
  }
  // Numbers are given once, and there are not so many that one member may use them up.
  if (own != nullptr && own->ever >= kDevicesEverPerMemberMax) {
    return Refusal{.reason = Reason::kDevicesLimit,
                   .message = absl::StrCat("a member enrols at most ", kDevicesEverPerMemberMax,
                                           " devices ever, revoked ones included"),
                   .metadata = {{"devices_ever_max", absl::StrCat(kDevicesEverPerMemberMax)}}};
  }
  const std::uint32_t* all = state_.tables->counts.Find(kDeviceCount);
  if (all != nullptr && *all >= kDevicesMax) return TooMany("there are", kDevicesMax);
  const auto free = std::find_if(
      wish_.numbers.begin(), wish_.numbers.end(),
      [this](std::uint32_t number) { return state_.tables->devices.Find(number) == nullptr; });
  if (free == wish_.numbers.end()) return TooMany("there are", kDevicesMax);
  number_ = *free;
  journal::v1::DeviceEnrolled& enrolled = *decision.Add().mutable_device_enrolled();
  enrolled.set_number(number_);
  enrolled.set_member(wish_.member.ToBytes());
  return absl::nullopt;
}

void EnrolDeviceCommand::StorePersonalData() {
  state_.tables->device_secrets.Put(number_, wish_.sealed_secret);
}

absl::optional<Refusal> RevokeDeviceCommand::Decide(const ledger::DecideContext& /*context*/,
                                                    ledger::Decision& decision) {
  const DeviceRow* device = tables_.devices.Find(wish_.number);
  if (device == nullptr || device->member != wish_.member) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "the member has no such device"};
  }
  journal::v1::DeviceRevoked& revoked = *decision.Add().mutable_device_revoked();
  revoked.set_number(wish_.number);
  revoked.set_member(wish_.member.ToBytes());
  revoked.set_person(wish_.person);
  return absl::nullopt;
}

void EraseDeviceSecrets(MemberId member, Tables* tables) {
  const MemberDevices* own = tables->member_devices.Find(member);
  if (own == nullptr) return;
  for (const std::vector<std::uint32_t>* numbers : {&own->devices, &own->revoked}) {
    for (const std::uint32_t number : *numbers) tables->device_secrets.Put(number, std::string());
  }
}

}  // namespace puhui::merchant
