// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_MERCHANT_APP_DEVICE_FIXTURE_H_
#define PUHUI_TESTS_UNIT_MERCHANT_APP_DEVICE_FIXTURE_H_

#include "ledger/crypto/keyed_hash.h"
#include "merchant/app/device_commands.h"
#include "merchant/app/payment_codes.h"
#include "merchant/core/payment_code.h"
#include "tests/support/seeded_random.h"
#include "tests/unit/merchant/app/till_fixture.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// A member who has points, and devices that compute codes. Threads: none.
class DeviceTest : public TillTest {
 protected:
  DeviceTest() { AddLot(1'000, absl::Hours(10'000)); }

  // What the member's app keeps.
  struct Device {
    std::uint32_t number = 0;
    std::string secret{};
    std::string cohort_key{};
  };
  absl::StatusOr<ledger::Outcome> TryEnrol(const std::string& secret, MemberId member = kMember) {
    EnrolDeviceCommand command(State(), {.member = member,
                                         .numbers = codes_.keys().DrawNumbers(),
                                         .sealed_secret = codes_.keys().Seal(member, secret)});
    return ledger_.Run(command);
  }
  Device EnrolDevice() {
    Device device{.secret = codes_.keys().DrawSecret()};
    const auto outcome = TryEnrol(device.secret);
    EXPECT_OK(outcome);
    device.number = outcome->first().device_enrolled().number();
    device.cohort_key = codes_.keys().CohortKey(CohortOf(device.number));
    return device;
  }
  absl::StatusOr<ledger::Outcome> Revoke(std::uint32_t number, MemberId member = kMember) {
    RevokeDeviceCommand command(&tables_,
                                {.member = member, .number = number, .person = "people/li-1"});
    return ledger_.Run(command);
  }
  // With a clock that is so far off.
  std::string CodeOf(const Device& device, absl::Duration off = absl::ZeroDuration()) {
    const std::int64_t step = StepAt(ledger_.clock().Now() + off);
    return PaymentCodeOf(
        "77", NumberOf(ComputeDeviceCode(device.number, device.secret, device.cohort_key, step)));
  }
  absl::StatusOr<ledger::Outcome> Pay(const std::string& digits, const std::string& till = "t-1") {
    PUHUI_ASSIGN_OR_RETURN(const ShownCode code,
                           codes_.Look(digits, ledger_.store(), ledger_.clock().Now()));
    PurchaseCommand command(
        State(), NextCall(till),
        {.points = Points::FromStored(1), .authorization_code = "A1B2C3", .code = code});
    return Submit(command);
  }
  bool Pays(const std::string& digits, const std::string& till = "t-1") {
    const auto outcome = Pay(digits, till);
    return outcome.ok() && outcome->first().entry().has_purchase();
  }

  SeededRandom random_{13};
  ledger::KeyedHash keyed_hash_{std::string(32, 'k')};
  PaymentCodes codes_{{.keyed_hash = &keyed_hash_, .random = &random_, .prefix = "77"}};
};

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_APP_DEVICE_FIXTURE_H_
