// SPDX-License-Identifier: Apache-2.0
// Devices that compute codes, from their enrolment to a till and to their end.
#include "ledger/storage/memory_store.h"
#include "merchant/core/device_code.h"
#include "merchant/core/payment_code.h"
#include "puhui/v1/device_service.grpc.pb.h"
#include "services/wallet/device_service.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include "absl/strings/numbers.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {
namespace {

class PosDeviceTest : public PosTest {
 protected:
  using Devices = v1::DeviceService::Stub;

  PosDeviceTest() {
    grpc::ServerBuilder builder;
    device_calls_ = std::make_unique<Calls>(
        &pipeline_, &builder, Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    device_service_.Serve(*device_calls_);
    device_server_ = builder.BuildAndStart();
    device_calls_->Start();
    devices_ = v1::DeviceService::NewStub(device_server_->InProcessChannel({}));
  }
  ~PosDeviceTest() override {
    device_server_->Shutdown();
    device_calls_->Stop();
  }

  std::string App() const { return "/member/" + member_; }
  std::string CodeOf(const v1::EnrolDeviceResponse& device) const {
    const std::string& name = device.device().name();
    std::uint32_t number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(name.substr(name.rfind('/') + 1), &number)) << name;
    return merchant::PaymentCodeOf(
        device.payment_code_prefix(),
        merchant::NumberOf(merchant::ComputeDeviceCode(number, device.secret(), device.cohort_key(),
                                                       merchant::StepAt(clock_.Now()))));
  }
  v1::PurchaseRequest WithCode(const std::string& code) {
    auto request = Call<v1::PurchaseRequest>(kTill);
    request.set_payment_code(code);
    request.set_points(10);
    return request;
  }
  // Without a store nothing is found but what is in memory.
  bool Remembered(const v1::EnrolDeviceResponse& device) const {
    const auto found = codes_.Look(CodeOf(device), ledger::MemoryStore(), clock_.Now());
    return found.ok() && found->known.has_value();
  }

  DeviceService device_service_{
      {.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
       .state = {.tables = &ledger_.books.merchant, .views = &ledger_.books.views},
       .keys = &codes_.keys(),
       .tree = &tree_,
       .payment_code_prefix = "77"}};
  std::unique_ptr<Calls> device_calls_;
  std::unique_ptr<grpc::Server> device_server_;
  std::unique_ptr<Devices> devices_;
};

TEST_F(PosDeviceTest, TheSecretOfADeviceLeavesTheMemoryWhenItIsRevoked) {
  v1::EnrolDeviceRequest enrol;
  enrol.set_request_id(NextRequestId());
  enrol.set_parent(member_);
  ASSERT_OK_AND_ASSIGN(const v1::EnrolDeviceResponse device,
                       Ask(*devices_, &Devices::EnrolDevice, App(), enrol));
  EXPECT_FALSE(Remembered(device));
  ASSERT_OK(Ask(*pos_, &Pos::Purchase, kTill, WithCode(CodeOf(device))));
  EXPECT_TRUE(Remembered(device));
  v1::RevokeDeviceRequest revoke;
  revoke.set_request_id(NextRequestId());
  revoke.set_name(device.device().name());
  ASSERT_OK(Ask(*devices_, &Devices::RevokeDevice, App(), revoke));
  EXPECT_FALSE(Remembered(device));
  clock_.Advance(merchant::kDeviceStep);
  EXPECT_THAT(Ask(*pos_, &Pos::Purchase, kTill, WithCode(CodeOf(device))),
              Refuses(ledger::Reason::kDeviceRevoked));
  EXPECT_FALSE(Remembered(device));
  EXPECT_OK(Ask(*devices_, &Devices::RevokeDevice, App(), revoke));  // The answer was lost.
}

}  // namespace
}  // namespace puhui::services
