// SPDX-License-Identifier: Apache-2.0
// Secrets of devices that stay in memory: they save reads, and change no answer.
#include "tests/unit/merchant/app/device_fixture.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace puhui::merchant {
namespace {

using ledger::Reason;

// A store that cannot be read.
class NothingReadable final : public ledger::Readable {
 public:
  absl::StatusOr<absl::optional<std::string>> Get(ledger::Family /*family*/,
                                                  absl::string_view /*key*/) const override {
    return absl::UnavailableError("nothing can be read");
  }
  absl::StatusOr<std::vector<absl::optional<std::string>>> MultiGet(
      ledger::Family /*family*/, absl::Span<const std::string> /*keys*/) const override {
    return absl::UnavailableError("nothing can be read");
  }
  std::unique_ptr<ledger::Cursor> NewCursor(ledger::Family /*family*/,
                                            ledger::CursorUse /*use*/) const override {
    return nullptr;
  }
};

// Devices of whom a code has been looked up before.
class KnownDeviceTest : public DeviceTest {
 protected:
  Device EnrolAndPay() {
    Device device = EnrolDevice();
    EXPECT_TRUE(Pays(CodeOf(device)));
    ledger_.clock().Advance(kDeviceStep);
    return device;
  }
  // What is found of it without a read.
  absl::StatusOr<ShownCode> FindUnread(const Device& device,
                                       absl::Duration off = absl::ZeroDuration()) {
    return codes_.Look(CodeOf(device, off), NothingReadable(), ledger_.clock().Now());
  }
  bool Remembered(const Device& device) {
    const auto found = FindUnread(device);
    return found.ok() && found->known.has_value();
  }
};

TEST_F(KnownDeviceTest, OnlyTheFirstCodeOfADeviceReads) {
  const Device device = EnrolAndPay();
  const Device other = EnrolDevice();
  ASSERT_OK_AND_ASSIGN(const ShownCode code, FindUnread(device));
  ASSERT_TRUE(code.known.has_value());
  EXPECT_EQ(code.known->member, kMember);
  EXPECT_EQ(code.known->device, device.number);
  EXPECT_EQ(code.known->expiry, EndOfStep(StepAt(ledger_.clock().Now())));
  EXPECT_THAT(FindUnread(other), HasCode(absl::StatusCode::kUnavailable));
  // A code of tomorrow leads to the device, and its tag to nothing.
  ASSERT_OK_AND_ASSIGN(const ShownCode wrong, FindUnread(device, absl::Hours(24)));
  EXPECT_FALSE(wrong.known.has_value());
}

// Nothing has told the memory of it: the decision reads whether the device is revoked.
TEST_F(KnownDeviceTest, ARevokedDevicePaysNothingThoughItIsRemembered) {
  const Device device = EnrolAndPay();
  ASSERT_OK(Revoke(device.number));
  EXPECT_TRUE(Remembered(device));
  EXPECT_THAT(Pay(CodeOf(device)), Declines(Reason::kDeviceRevoked));
}

TEST_F(KnownDeviceTest, ARevokedDevicesSecretIsForgottenAndNotKeptAgain) {
  const Device device = EnrolAndPay();
  const Device other = EnrolAndPay();
  ASSERT_OK(Revoke(device.number));
  codes_.keys().Forget(device.number);
  EXPECT_FALSE(Remembered(device));
  EXPECT_THAT(Pay(CodeOf(device)), Declines(Reason::kDeviceRevoked));
  EXPECT_FALSE(Remembered(device));
  EXPECT_TRUE(Remembered(other));
}

TEST_F(KnownDeviceTest, AnErasedMembersSecretsAreForgottenAndNotKeptAgain) {
  const Device device = EnrolAndPay();
  const Device other = EnrolAndPay();
  codes_.keys().ForgetMember(kMember, tables_.member_devices.Find(kMember));
  EXPECT_FALSE(Remembered(device));
  EXPECT_FALSE(Remembered(other));
  EXPECT_TRUE(Pays(CodeOf(device)));  // The wallet is open here, and the secret in the vault.
  EXPECT_FALSE(Remembered(device));
  codes_.keys().ForgetMember(MemberId(9, 9), nullptr);  // Never had any.
}

}  // namespace
}  // namespace puhui::merchant
