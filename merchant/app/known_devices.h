// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_KNOWN_DEVICES_H_
#define PUHUI_MERCHANT_APP_KNOWN_DEVICES_H_

#include "ledger/base/id.h"
#include "ledger/base/mutex.h"
#include "ledger/crypto/hmac.h"

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace puhui::merchant {

// The devices whose codes came lately, so that the next code of one opens nothing and reads
// nothing. What is kept of a device never changes: its number is given once, and its member and its
// secret with it. That it was revoked is no part of it; whoever decides reads that in the ledger.
//
// Within its bound the memory grows with the devices that are kept; when it is reached, those go
// that were not asked for since they were last looked at. Secrets are overwritten when they go.
// Threads: safe.
class KnownDevices {
 public:
  struct Device {
    MemberId member{};
    ledger::HmacKey secret;
  };
  static constexpr std::size_t kBytesMax = std::size_t{32} << 20;  // Of 262,144 devices.
  // Of one device: its slot, and what queue and map take for it when they have just grown.
  static constexpr std::size_t kDeviceBytes = 128;

  // Requires: room for one device (checked).
  explicit KnownDevices(std::size_t bytes_max = kBytesMax);

  // How often something was forgotten. Asked before a device is read that is to be kept.
  std::uint64_t forgotten() const;
  absl::optional<Device> Find(std::uint32_t number);
  // Unless something was forgotten since forgotten() said `as_of`: it might have been this device.
  // Nor is one kept of a member who was erased.
  void Keep(std::uint32_t number, const Device& device, std::uint64_t as_of);

  // It was revoked, and the store says so.
  void Forget(std::uint32_t number);
  // The member was erased, who has these devices and at most those. None of them is kept again;
  // until the process ends that takes the memory of the member's id.
  void ForgetMember(MemberId member, absl::Span<const std::uint32_t> numbers);

  std::size_t size() const;

 private:
  struct Slot {
    std::uint32_t number = 0;
    bool used = false;
    Device device;
  };
  static_assert(sizeof(Slot) <= 88);

  void ForgetLocked(std::uint32_t number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::uint32_t PlaceToReuse() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::size_t devices_max_;
  mutable Mutex mutex_;
  // Slots never move, so no copy of a secret is left where one was.
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::uint32_t, std::uint32_t> places_ ABSL_GUARDED_BY(mutex_);
  std::size_t hand_ ABSL_GUARDED_BY(mutex_) = 0;  // The slot that is looked at next.
  absl::flat_hash_set<MemberId> erased_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_KNOWN_DEVICES_H_
