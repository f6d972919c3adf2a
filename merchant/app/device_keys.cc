// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/device_keys.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/aead.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/hmac.h"
#include "ledger/crypto/wipe.h"
#include "ledger/storage/typed_reads.h"

#include "absl/types/span.h"

#include <array>
#include <cstring>

namespace puhui::merchant {
namespace {

constexpr char kDeviceSealLabel[] = "device_secret";
constexpr char kCohortLabel[] = "device_cohort";
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kNumbersDrawn = 8;

using NumberBytes = std::array<char, sizeof(std::uint64_t)>;

NumberBytes BigEndian(std::uint64_t number) {
  NumberBytes bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8U) bytes[i] = static_cast<char>(number);
  return bytes;
}

absl::string_view ViewOf(const NumberBytes& bytes) { return {bytes.data(), bytes.size()}; }

std::uint32_t TagAt(const ledger::HmacKey& secret, std::int64_t step) {
  const NumberBytes bytes = BigEndian(static_cast<std::uint64_t>(step));
  return Truncate(secret.Digest(ViewOf(bytes)), kDeviceTags);
}

std::uint32_t MaskOf(absl::string_view cohort_key, std::uint32_t tag) {
  return Truncate(ledger::HmacSha256(cohort_key, ViewOf(BigEndian(tag))), kDevicesPerCohort);
}

}  // namespace

DeviceCode ComputeDeviceCode(std::uint32_t device, absl::string_view secret,
                             absl::string_view cohort_key, std::int64_t step) {
  const std::uint32_t tag = TagAt(ledger::HmacKey(secret), step);
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
  const NumberBytes bytes = BigEndian(cohort);
  return std::string(ledger::AsBytes(parts_.keyed_hash->Digest(kCohortLabel, ViewOf(bytes))));
}

std::string DeviceKeys::Seal(MemberId member, absl::string_view secret) const {
  return ledger::Seal(seal_key_, secret, member.ToBytes(), *parts_.random);
}

absl::StatusOr<std::string> DeviceKeys::Open(MemberId member, absl::string_view sealed) const {
  return ledger::Open(seal_key_, sealed, member.ToBytes());
}

// Of those that were revoked nothing is known any more.
void DeviceKeys::ForgetMember(MemberId member, const MemberDevices* own) const {
  known_.ForgetMember(member, own == nullptr ? absl::Span<const std::uint32_t>() : own->devices);
}

absl::StatusOr<absl::optional<DeviceKeys::Found>> DeviceKeys::Read(const ledger::Readable& store,
                                                                   std::uint32_t number) const {
  if (const auto known = known_.Find(number); known.has_value()) {
    return absl::optional<Found>({.member = known->member, .secret = known->secret});
  }
  const std::uint64_t as_of = known_.forgotten();  // Before the reading.
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, kDeviceTable, number));
  if (!row.has_value()) return absl::optional<Found>();
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(store, kDeviceSecretTable, number));
  if (!sealed.has_value()) return absl::DataLossError("the secret of a device is missing");
  if (sealed->empty()) return absl::optional<Found>(Found());
  PUHUI_ASSIGN_OR_RETURN(std::string secret, Open(row->member, *sealed));
  const KnownDevices::Device device{.member = row->member, .secret = ledger::HmacKey(secret)};
  ledger::Wipe(secret);
  // Codes of a revoked one are told apart as ever, but its secret is not kept for that.
  if (row->state == DeviceState::kActive) known_.Keep(number, device, as_of);
  return absl::optional<Found>({.member = device.member, .secret = device.secret});
}

absl::StatusOr<absl::optional<ShownCode::Known>> DeviceKeys::Find(const ledger::Readable& store,
                                                                  std::uint64_t number,
                                                                  absl::Time now) const {
  absl::optional<ShownCode::Known> found;
  const DeviceCode code = DeviceCodeOf(number);
  const std::uint32_t device = UnmaskDevice(code, MaskOf(CohortKey(code.cohort), code.tag));
  PUHUI_ASSIGN_OR_RETURN(const auto known, Read(store, device));
  if (!known.has_value()) return found;
  // The app of somebody who was erased may show codes for years. Nothing tells them from guesses
  // any more, and none is good: were they unknown, its tills would be taken for such as guess.
  if (!known->secret.has_value()) {
    found = ShownCode::Known{.device = device};
    return found;
  }
  // Older steps too: who is late hears that, and is not taken for somebody who guesses.
  const std::int64_t step_now = StepAt(now);
  // All of them, whichever it is: how long it takes tells nobody that it was one. (Whether a code
  // of the device came lately it may tell, be this one right or wrong.)
  for (std::int64_t step = step_now + 1; step >= step_now - kLateDeviceStepsMax; --step) {
    if (TagAt(*known->secret, step) != code.tag || found.has_value()) continue;
    found = ShownCode::Known{.member = known->member, .expiry = EndOfStep(step), .device = device};
  }
  return found;
}

}  // namespace puhui::merchant
