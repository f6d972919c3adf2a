// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_DEVICE_KEYS_H_
#define PUHUI_MERCHANT_APP_DEVICE_KEYS_H_

#include "ledger/base/id.h"
#include "ledger/base/random.h"
#include "ledger/crypto/hmac.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/storage/store.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/known_devices.h"
#include "merchant/app/payer.h"
#include "merchant/core/device_code.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::merchant {

// What a device computes at a step: the code behind the prefix.
DeviceCode ComputeDeviceCode(std::uint32_t device, absl::string_view secret,
                             absl::string_view cohort_key, std::int64_t step);

// The secrets of devices, and the keys of their cohorts. A secret is random and lies sealed in the
// vault; a cohort's key, and that of the seal, follow from that of the keyed hash, so nothing here
// changes when the vault's key or the signing key is replaced. Threads: safe. Borrows: the hash and
// the random source.
class DeviceKeys {
 public:
  struct Parts {
    const ledger::KeyedHash* keyed_hash;
    RandomSource* random;
  };
  explicit DeviceKeys(const Parts& parts);

  std::string DrawSecret() const;
  // Numbers to choose from, so that some is not given yet.
  std::vector<std::uint32_t> DrawNumbers() const;
  std::string CohortKey(std::uint32_t cohort) const;

  std::string Seal(MemberId member, absl::string_view secret) const;
  // Fails: kDataLoss.
  absl::StatusOr<std::string> Open(MemberId member, absl::string_view sealed) const;

  // Whose code it is, if it is any device's of now, or of lately. Whether it is good is decided
  // with the call: also whether the device is revoked, of which what is known here says nothing.
  // Of a device whose secret was destroyed every code is nobody's, and has long expired.
  // Two reads; none when a code of the device came lately (KnownDevices). Requires: `store` is that
  // of one ledger, always the same. Fails: kDataLoss; as Readable.
  absl::StatusOr<absl::optional<ShownCode::Known>> Find(const ledger::Readable& store,
                                                        std::uint64_t number, absl::Time now) const;

  // Secrets leave the memory: that of a device once it is revoked, and the store says so; those of
  // a member's devices, nullptr when there were never any, when the member is erased.
  void Forget(std::uint32_t device) const { known_.Forget(device); }
  void ForgetMember(MemberId member, const MemberDevices* own) const;

 private:
  // Neither when the secret was destroyed because the member was erased.
  struct Found {
    MemberId member{};
    absl::optional<ledger::HmacKey> secret{};
  };
  absl::StatusOr<absl::optional<Found>> Read(const ledger::Readable& store,
                                             std::uint32_t number) const;

  const Parts parts_;
  const std::string seal_key_;
  mutable KnownDevices known_;  // Saves time and changes no answer.
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DEVICE_KEYS_H_
