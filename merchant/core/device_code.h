// SPDX-License-Identifier: Apache-2.0
// The codes that a member's device computes without a network, in the manner of RFC 6238: HMAC-SHA-
// 256 under the device's secret, in steps of 30 seconds. Behind the prefix stand
//
//   cohort (3 digits) ‖ tag (8 digits) ‖ masked place in the cohort (5 digits)
//
// The tag is the truncated HMAC of the step; the place is added to a mask that follows from the tag
// under the cohort's key. So two codes of one device have nothing in common but the cohort, which
// thousands share, and the ledger finds the device with one read. Pure arithmetic: the two HMACs
// are made elsewhere.
#ifndef PUHUI_MERCHANT_CORE_DEVICE_CODE_H_
#define PUHUI_MERCHANT_CORE_DEVICE_CODE_H_

#include "absl/time/time.h"
#include "absl/types/span.h"

#include <cstdint>

namespace puhui::merchant {

inline constexpr std::uint32_t kCohorts = 1'000;
inline constexpr std::uint32_t kDevicesPerCohort = 100'000;
inline constexpr std::uint32_t kDeviceNumbers = kCohorts * kDevicesPerCohort;  // From 0.
inline constexpr std::uint32_t kDeviceTags = 100'000'000;
inline constexpr absl::Duration kDeviceStep = absl::Seconds(30);

inline std::uint32_t CohortOf(std::uint32_t device) { return device / kDevicesPerCohort; }

// Steps since 1970, rounded down.
std::int64_t StepAt(absl::Time now);
// When a code of the step can no longer be used: one step either side is allowed.
absl::Time EndOfStep(std::int64_t step);

// RFC 4226, section 5.3: 31 bits of an HMAC, modulo `below`. Requires: 20 bytes at least (checked).
std::uint32_t Truncate(absl::Span<const std::uint8_t> hmac, std::uint32_t below);

struct DeviceCode {
  std::uint32_t cohort = 0;  // Below kCohorts.
  std::uint32_t tag = 0;     // Below kDeviceTags.
  std::uint32_t place = 0;   // Masked, below kDevicesPerCohort.

  friend bool operator==(const DeviceCode&, const DeviceCode&) = default;
};
// As the sixteen digits of a payment code, and from them: each number is one, each one a number.
std::uint64_t NumberOf(const DeviceCode& code);
DeviceCode DeviceCodeOf(std::uint64_t number);

// The code of a device, and the device of a code. `mask` follows from the tag and the cohort's key.
DeviceCode MaskDevice(std::uint32_t device, std::uint32_t tag, std::uint32_t mask);
std::uint32_t UnmaskDevice(const DeviceCode& code, std::uint32_t mask);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_DEVICE_CODE_H_
