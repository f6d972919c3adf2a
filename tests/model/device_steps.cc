// SPDX-License-Identifier: Apache-2.0
// The steps that enrol and revoke devices.
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_commands.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <iterator>
#include <set>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kNumbers = 100;  // Few, so that some are given already.

std::vector<std::uint32_t> AnyNumbers(SeededRandom& random) {
  std::vector<std::uint32_t> numbers;
  for (std::uint64_t i = 1 + random.Below(3); i > 0; --i) {
    numbers.push_back(static_cast<std::uint32_t>(random.Below(kNumbers)));
  }
  return numbers;
}

}  // namespace

// Mostly of somebody whom there is; what is revoked is mostly that member's, and may be so already.
void RandomDriver::ChangeDevice() {
  MemberId member = MemberId(9, 9);
  if (random_.Below(20) != 0) member = AnyMember().value_or(member);
  if (random_.Below(3) != 0) {
    const std::vector<std::uint32_t> numbers = AnyNumbers(random_);
    Expect(model_.EnrolDevice(member, numbers), Run([=, this] {
             return std::make_unique<merchant::EnrolDeviceCommand>(
                 Till(), merchant::EnrolDeviceCommand::Wish{
                             .member = member, .numbers = numbers, .sealed_secret = "sealed"});
           }));
    return;
  }
  auto number = static_cast<std::uint32_t>(random_.Below(kNumbers));
  if (!model_.devices.empty() && random_.Below(5) != 0) {
    const auto at = std::next(model_.devices.begin(),
                              static_cast<std::ptrdiff_t>(random_.Below(model_.devices.size())));
    number = at->first;
    if (random_.Below(5) != 0) member = at->second.member;
  }
  Expect(model_.RevokeDevice(member, number), Run([=, this] {
           return std::make_unique<merchant::RevokeDeviceCommand>(
               &ledger_.merchant(),
               merchant::RevokeDeviceCommand::Wish{.member = member, .number = number});
         }));
}

void RandomDriver::CompareDevices() {
  std::map<MemberId, std::set<std::uint32_t>> active;
  for (const auto& [number, expected] : model_.devices) {
    const auto row = ledger::Find(ledger_.store(), merchant::kDeviceTable, number);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->member, expected.member);
    EXPECT_EQ((*row)->state == merchant::DeviceState::kRevoked, expected.revoked);
    active[expected.member];
    if (!expected.revoked) active[expected.member].insert(number);
  }
  for (const auto& [member, numbers] : active) {
    const auto row = ledger::Find(ledger_.store(), merchant::kMemberDeviceTable, member);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ(std::set<std::uint32_t>((*row)->devices.begin(), (*row)->devices.end()), numbers);
  }
}

}  // namespace puhui::testing
