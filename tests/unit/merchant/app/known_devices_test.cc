// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/known_devices.h"

#include "ledger/crypto/hash.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace puhui::merchant {
namespace {

constexpr std::size_t kThree = 3 * KnownDevices::kDeviceBytes;

KnownDevices::Device DeviceNumbered(std::uint32_t number) {
  return {.member = MemberId(1, number), .secret = ledger::HmacKey(absl::StrCat("s", number))};
}

void KeepNumbered(std::uint32_t number, KnownDevices& known) {
  known.Keep(number, DeviceNumbered(number), known.forgotten());
}

// Whether it is known, and as what it is.
bool Knows(std::uint32_t number, KnownDevices& known) {
  const auto found = known.Find(number);
  if (!found.has_value()) return false;
  const KnownDevices::Device wanted = DeviceNumbered(number);
  return found->member == wanted.member && found->secret.Digest("") == wanted.secret.Digest("");
}

std::set<std::uint32_t> KnownOf(const std::vector<std::uint32_t>& numbers, KnownDevices& known) {
  std::set<std::uint32_t> found;
  for (const std::uint32_t number : numbers) {
    if (Knows(number, known)) found.insert(number);
  }
  return found;
}

TEST(KnownDevicesTest, KnowsWhatItKept) {
  KnownDevices known;
  EXPECT_FALSE(known.Find(1).has_value());
  KeepNumbered(1, known);
  KeepNumbered(1, known);  // Twice is once.
  EXPECT_TRUE(Knows(1, known));
  EXPECT_EQ(known.size(), 1U);
}

TEST(KnownDevicesTest, TheBoundInBytesBoundsTheDevices) {
  KnownDevices known(kThree + 1);
  for (std::uint32_t number = 1; number <= 100; ++number) KeepNumbered(number, known);
  EXPECT_EQ(known.size(), 3U);
  EXPECT_EQ(KnownOf({97, 98, 99, 100}, known), (std::set<std::uint32_t>{98, 99, 100}));
}

TEST(KnownDevicesTest, OneThatWasAskedForStaysLonger) {
  KnownDevices known(kThree);
  for (const std::uint32_t number : {1U, 2U, 3U}) KeepNumbered(number, known);
  EXPECT_TRUE(Knows(1, known));
  KeepNumbered(4, known);
  EXPECT_EQ(KnownOf({1, 2, 3, 4}, known), (std::set<std::uint32_t>{1, 3, 4}));
  // All are asked for by now, and one goes all the same.
  KeepNumbered(5, known);
  EXPECT_EQ(known.size(), 3U);
  EXPECT_TRUE(Knows(5, known));
}

TEST(KnownDevicesTest, ForgetsOneAndNoOther) {
  KnownDevices known;
  for (const std::uint32_t number : {1U, 2U, 3U}) KeepNumbered(number, known);
  known.Forget(2);
  known.Forget(7);  // Is not known, and does no harm.
  EXPECT_EQ(KnownOf({1, 2, 3}, known), (std::set<std::uint32_t>{1, 3}));
  known.Forget(3);
  EXPECT_EQ(KnownOf({1, 2, 3}, known), std::set<std::uint32_t>{1});
  KeepNumbered(2, known);
  EXPECT_EQ(KnownOf({1, 2, 3}, known), (std::set<std::uint32_t>{1, 2}));
}

// Some devices are forgotten while it is full, and others come: all slots are used again.
TEST(KnownDevicesTest, GoesOnWhenSomeWereForgotten) {
  KnownDevices known(kThree);
  for (std::uint32_t number = 1; number <= 50; ++number) {
    KeepNumbered(number, known);
    if (number % 3 == 0) known.Forget(number - 1);
    EXPECT_TRUE(Knows(number, known)) << number;
    EXPECT_LE(known.size(), 3U);
  }
}

// A device that is revoked while another thread reads it.
TEST(KnownDevicesTest, WhatWasReadBeforeSomethingWasForgottenIsNotKept) {
  KnownDevices known;
  const std::uint64_t before = known.forgotten();
  known.Forget(1);
  known.Keep(1, DeviceNumbered(1), before);
  EXPECT_FALSE(Knows(1, known));
  KeepNumbered(1, known);
  EXPECT_TRUE(Knows(1, known));
}

TEST(KnownDevicesTest, OfAnErasedMemberNothingIsKeptAgain) {
  KnownDevices known;
  const MemberId erased(1, 1);  // Has the devices 1 and 5.
  KeepNumbered(1, known);
  KeepNumbered(2, known);
  known.Keep(5, {.member = erased, .secret = ledger::HmacKey("s5")}, known.forgotten());
  const std::vector<std::uint32_t> devices = {1, 5};
  known.ForgetMember(erased, devices);
  EXPECT_EQ(known.size(), 1U);
  KeepNumbered(1, known);
  EXPECT_EQ(KnownOf({1, 2}, known), std::set<std::uint32_t>{2});
}

TEST(KnownDevicesTest, ServesManyThreads) {
  constexpr std::uint32_t kNumbers = 64;
  KnownDevices known(16 * KnownDevices::kDeviceBytes);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&known, &wrong, i] {
      for (std::uint32_t at = 0; at < 2'000; ++at) {
        const auto number = static_cast<std::uint32_t>(at * 7 + i) % kNumbers;
        const auto found = known.Find(number);
        if (!found.has_value()) {
          KeepNumbered(number, known);
        } else if (found->member != DeviceNumbered(number).member) {
          ++wrong[i];
        }
        if (at % 50 == 0) known.Forget(number);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
  EXPECT_LE(known.size(), 16U);
}

TEST(KnownDevicesDeathTest, WantsRoomForOne) {
  EXPECT_DEATH(KnownDevices(KnownDevices::kDeviceBytes - 1), "devices_max_");
}

}  // namespace
}  // namespace puhui::merchant
