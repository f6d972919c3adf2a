// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/device_code.h"

#include "ledger/base/check.h"

#include <cstddef>

namespace puhui::merchant {

std::int64_t StepAt(absl::Time now) {
  return absl::ToInt64Seconds(absl::Floor(now - absl::UnixEpoch(), kDeviceStep)) /
         absl::ToInt64Seconds(kDeviceStep);
}

absl::Time EndOfStep(std::int64_t step) { return absl::UnixEpoch() + (step + 2) * kDeviceStep; }

std::uint32_t Truncate(absl::Span<const std::uint8_t> hmac, std::uint32_t below) {
  PUHUI_CHECK(hmac.size() >= 20);
  const std::size_t offset = hmac[hmac.size() - 1] & 0x0FU;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < sizeof(bits); ++i) bits = bits << 8U | hmac[offset + i];
  return (bits & 0x7FFF'FFFFU) % below;
}

std::uint64_t NumberOf(const DeviceCode& code) {
  return (std::uint64_t{code.cohort} * kDeviceTags + code.tag) * kDevicesPerCohort + code.place;
}

DeviceCode DeviceCodeOf(std::uint64_t number) {
  const std::uint64_t tagged = number / kDevicesPerCohort;
  return {.cohort = static_cast<std::uint32_t>(tagged / kDeviceTags),
          .tag = static_cast<std::uint32_t>(tagged % kDeviceTags),
          .place = static_cast<std::uint32_t>(number % kDevicesPerCohort)};
}

DeviceCode MaskDevice(std::uint32_t device, std::uint32_t tag, std::uint32_t mask) {
  const std::uint32_t place = device % kDevicesPerCohort;
  return {.cohort = CohortOf(device),
          .tag = tag,
          .place = (place + mask % kDevicesPerCohort) % kDevicesPerCohort};
}

std::uint32_t UnmaskDevice(const DeviceCode& code, std::uint32_t mask) {
  const std::uint32_t place =
      (code.place + kDevicesPerCohort - mask % kDevicesPerCohort) % kDevicesPerCohort;
  return code.cohort * kDevicesPerCohort + place;
}

}  // namespace puhui::merchant
