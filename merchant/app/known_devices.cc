// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/known_devices.h"

#include "ledger/base/check.h"

#include <utility>

namespace puhui::merchant {

KnownDevices::KnownDevices(std::size_t bytes_max) : devices_max_(bytes_max / kDeviceBytes) {
  PUHUI_CHECK(devices_max_ > 0);
}

std::uint64_t KnownDevices::forgotten() const {
  MutexLock lock(&mutex_);
  return forgotten_;
}

absl::optional<KnownDevices::Device> KnownDevices::Find(std::uint32_t number) {
  MutexLock lock(&mutex_);
  const auto found = places_.find(number);
  if (found == places_.end()) return absl::nullopt;
  Slot& slot = slots_[found->second];
  slot.used = true;
  return slot.device;
}

void KnownDevices::Keep(std::uint32_t number, const Device& device, std::uint64_t as_of) {
  MutexLock lock(&mutex_);
  if (as_of != forgotten_ || places_.contains(number) || erased_.contains(device.member)) {
    return;
  }
  auto place = static_cast<std::uint32_t>(slots_.size());
  if (slots_.size() < devices_max_) {
    slots_.push_back({.number = number, .device = device});
  } else {
    place = PlaceToReuse();
    places_.erase(slots_[place].number);
    slots_[place] = {.number = number, .device = device};
  }
  places_.emplace(number, place);
}

// So that nobody waits for a walk through all of them, few are passed over.
std::uint32_t KnownDevices::PlaceToReuse() {
  constexpr int kUsedPassedOver = 32;
  for (int passed = 0;; ++passed) {
    const std::size_t at = hand_ % slots_.size();
    hand_ = at + 1;
    if (!std::exchange(slots_[at].used, false) || passed == kUsedPassedOver) {
      return static_cast<std::uint32_t>(at);
    }
  }
}

void KnownDevices::Forget(std::uint32_t number) {
  MutexLock lock(&mutex_);
  ForgetLocked(number);
}

void KnownDevices::ForgetMember(MemberId member, absl::Span<const std::uint32_t> numbers) {
  MutexLock lock(&mutex_);
  erased_.insert(member);
  for (const std::uint32_t number : numbers) ForgetLocked(number);
}

// The last one takes the place, and its own is overwritten as it goes.
void KnownDevices::ForgetLocked(std::uint32_t number) {
  ++forgotten_;
  const auto found = places_.find(number);
  if (found == places_.end()) return;
  const std::uint32_t place = found->second;
  places_.erase(found);
  if (place + 1 != slots_.size()) {
    slots_[place] = slots_.back();
    places_[slots_[place].number] = place;
  }
  slots_.pop_back();
}

std::size_t KnownDevices::size() const {
  MutexLock lock(&mutex_);
  return slots_.size();
}

}  // namespace puhui::merchant
