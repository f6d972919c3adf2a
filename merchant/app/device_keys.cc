// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/device_keys.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_rows.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <cstring>

namespace puhui::merchant {
namespace {

constexpr char kDeviceSealLabel[] = "device_secret";
constexpr char kCohortLabel[] = "device_cohort";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kNumbersDrawn = 8;

std::string BigEndian(std::uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(number >> static_cast<unsigned>(shift) & 0xFFU));
  }
  return bytes;
}

std::uint32_t TagAt(absl::string_view secret, std::int64_t step) {
  return Truncate(ledger::HmacSha256(secret, BigEndian(static_cast<std::uint64_t>(step))),
                  kDeviceTags);
}

std::uint32_t MaskOf(absl::string_view cohort_key, std::uint32_t tag) {
  return Truncate(ledger::HmacSha256(cohort_key, BigEndian(tag)), kDevicesPerCohort);
}

}  // namespace

DeviceCode ComputeDeviceCode(std::uint32_t device, absl::string_view secret,
                             absl::string_view cohort_key, std::int64_t step) {
  const std::uint32_t tag = TagAt(secret, step);
  return MaskDevice(device, tag, MaskOf(cohort_key, tag));
}

DeviceKeys::DeviceKeys(const Parts& parts)
    : parts_(parts), seal_key_(ledger::AsBytes(parts.keyed_hash->Digest(kDeviceSealLabel, ""))) {}

std::string DeviceKeys::DrawSecret() const {
  std::array<std::uint8_t, kSecretBytes> bytes{};
  parts_.random->Fill(absl::MakeSpan(bytes));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::uint32_t> DeviceKeys::DrawNumbers() const {
  std::vector<std::uint32_t> numbers;
  for (std::size_t i = 0; i < kNumbersDrawn; ++i) {
    std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
    parts_.random->Fill(absl::MakeSpan(bytes));
    std::uint64_t drawn = 0;
    std::memcpy(&drawn, bytes.data(), sizeof(drawn));
    numbers.push_back(static_cast<std::uint32_t>(drawn % kDeviceNumbers));
  }
  return numbers;
}

std::string DeviceKeys::CohortKey(std::uint32_t cohort) const {
  return std::string(ledger::AsBytes(parts_.keyed_hash->Digest(kCohortLabel, BigEndian(cohort))));
}

std::string DeviceKeys::Seal(MemberId member, absl::string_view secret) const {
  return ledger::Seal(seal_key_, secret, member.ToBytes(), *parts_.random);
}

absl::StatusOr<std::string> DeviceKeys::Open(MemberId member, absl::string_view sealed) const {
  return ledger::Open(seal_key_, sealed, member.ToBytes());
}

absl::StatusOr<absl::optional<ShownCode::Known>> DeviceKeys::Find(const ledger::Readable& store,
                                                                  std::uint64_t number,
                                                                  absl::Time now) const {
  const absl::optional<ShownCode::Known> none;
  const DeviceCode code = DeviceCodeOf(number);
  const std::uint32_t device = UnmaskDevice(code, MaskOf(CohortKey(code.cohort), code.tag));
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kDeviceTable, device));
  if (!row.has_value()) return none;
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(store, kDeviceSecretTable, device));
  if (!sealed.has_value()) return absl::DataLossError("the secret of a device is missing");
  PUHUI_ASSIGN_OR_RETURN(const std::string secret, Open(row->member, *sealed));
  // Older steps too: who is late hears that, and is not taken for somebody who guesses.
  const std::int64_t step_now = StepAt(now);
  absl::optional<ShownCode::Known> found;
  // All of them, whichever it is: how long it takes tells nobody that it was one.
  for (std::int64_t step = step_now + 1; step >= step_now - kLateDeviceStepsMax; --step) {
    if (TagAt(secret, step) != code.tag || found.has_value()) continue;
    found = ShownCode::Known{.member = row->member, .expiry = EndOfStep(step), .device = device};
  }
  return found;
}

}  // namespace puhui::merchant
