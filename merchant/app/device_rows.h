// SPDX-License-Identifier: Apache-2.0
// The rows of devices that compute payment codes, and the tables they stand in.
#ifndef PUHUI_MERCHANT_APP_DEVICE_ROWS_H_
#define PUHUI_MERCHANT_APP_DEVICE_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/storage/tables.h"

#include "absl/time/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// Stored.
enum class DeviceState : std::uint8_t { kActive = 1, kRevoked = 2 };

struct DeviceRow {
  MemberId member{};
  DeviceState state = DeviceState::kActive;
  absl::Time enrol_time{};

  template <class F>
  void Fields(F& f) {
    f(member, state, enrol_time);
  }
};

// Those of a member that are not revoked, how many there were ever, and those that are revoked.
struct MemberDevices {
  std::vector<std::uint32_t> devices{};
  std::uint32_t ever = 0;
  std::vector<std::uint32_t> revoked{};  // kDevicesEverPerMemberMax at most, as of all.

  template <class F>
  void Fields(F& f) {
    f(devices, ever, revoked);
  }
};

// By its number, which is random and never given twice.
inline constexpr ledger::TypedTable<std::uint32_t, DeviceRow> kDeviceTable{
    ledger::Table::kDevices, ledger::Family::kState, "devices"};
inline constexpr ledger::TypedTable<MemberId, MemberDevices> kMemberDeviceTable{
    ledger::Table::kMemberDevices, ledger::Family::kState, "member devices"};
// Sealed, bound to the member. Empty: destroyed when the member was erased; without a row it is
// lost.
inline constexpr ledger::TypedTable<std::uint32_t, std::string> kDeviceSecretTable{
    ledger::Table::kDeviceSecrets, ledger::Family::kVault, "device secrets"};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DEVICE_ROWS_H_
