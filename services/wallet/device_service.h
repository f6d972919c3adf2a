// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_WALLET_DEVICE_SERVICE_H_
#define PUHUI_SERVICES_WALLET_DEVICE_SERVICE_H_

#include "merchant/app/payment_codes.h"
#include "merchant/app/till_commands.h"
#include "puhui/v1/device_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/rpc/calls.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <memory>
#include <string>

namespace puhui::services {

// The devices with which members compute payment codes. Threads: safe. Borrows: its parts.
class DeviceService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::TillState state;  // Of the engine's fold: for commands.
    const merchant::DeviceKeys* keys;
    const UnionTree* tree;
    std::string payment_code_prefix;
  };
  explicit DeviceService(Parts parts);
  ~DeviceService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  absl::Status Allow(const CallContext& call, const MemberId& member) const;
  MaybeCommand ReadEnrol(const CallContext& call, const v1::EnrolDeviceRequest& request) const;
  MaybeCommand ReadRevoke(const CallContext& call, const v1::RevokeDeviceRequest& request) const;
  absl::Status AnswerEnrol(const journal::v1::Record& record,
                           v1::EnrolDeviceResponse* response) const;
  absl::StatusOr<v1::ListDevicesResponse> DoListDevices(
      const CallContext& call, const v1::ListDevicesRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_DEVICE_SERVICE_H_
