// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/device_filler.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/random.h"
#include "merchant/app/device_commands.h"
#include "merchant/app/device_keys.h"
#include "tests/bench/command_crowd.h"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace puhui::bench {
namespace {

constexpr std::uint64_t kShuffleSeed = 30;

}  // namespace

absl::StatusOr<std::vector<Device>> EnrolDevices(const std::vector<MemberId>& members,
                                                 std::size_t each, LedgerOnDisk* ledger) {
  namespace m = puhui::merchant;
  ledger::OpenSslRandom random;
  const m::DeviceKeys keys({.keyed_hash = &ledger->lookup(), .random = &random});
  const m::TillState state{&ledger->books().merchant, &ledger->books().views};
  std::vector<Device> devices(members.size() * each);
  CommandCrowd crowd(&ledger->engine());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const MemberId member = members[i % members.size()];
    devices[i].secret = keys.DrawSecret();
    const auto note = [&device = devices[i]](const journal::v1::Record& record) {
      device.number = record.device_enrolled().number();
    };
    auto command = std::make_unique<m::EnrolDeviceCommand>(
        state, m::EnrolDeviceCommand::Wish{.member = member,
                                           .numbers = keys.DrawNumbers(),
                                           .sealed_secret = keys.Seal(member, devices[i].secret)});
    if (!crowd.Start(std::move(command), note).ok()) break;
  }
  PUHUI_RETURN_IF_ERROR(crowd.Finish());
  for (Device& device : devices) device.cohort_key = keys.CohortKey(m::CohortOf(device.number));
  std::shuffle(devices.begin(), devices.end(), std::mt19937_64(kShuffleSeed));
  return devices;
}

}  // namespace puhui::bench
