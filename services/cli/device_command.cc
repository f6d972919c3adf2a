// SPDX-License-Identifier: Apache-2.0
#include "services/cli/device_command.h"

#include "ledger/crypto/hash.h"
#include "puhui/v1/device_service.grpc.pb.h"

namespace puhui::services {
namespace {

using DeviceStub = v1::DeviceService::Stub;

}  // namespace

void AddDeviceVerbs(Noun& wallet) {
  Noun devices(wallet, {"device", "Devices that compute payment codes without a network"});
  devices.Changes(
      {"enrol", "Enrol a device; its secret is shown this once"}, &DeviceStub::EnrolDevice,
      [](CLI::App& app, v1::EnrolDeviceRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
      },
      [](Output& output, const v1::EnrolDeviceResponse& response) {
        output.Fields({{"name", response.device().name()},
                       {"secret", ledger::ToHex(response.secret())},
                       {"cohort key", ledger::ToHex(response.cohort_key())},
                       {"prefix", response.payment_code_prefix()}});
      });
  devices.Reads(
      {"list", "List the devices of a member that are not revoked"}, &DeviceStub::ListDevices,
      [](CLI::App& app, v1::ListDevicesRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
      },
      [](Output& output, const v1::ListDevicesResponse& response) {
        Table table({{"DEVICE"}, {"ENROLLED"}});
        for (const v1::Device& device : response.devices()) {
          table.AddRow({device.name(), output.Time(device.enrol_time())});
        }
        output.Flush(table);
      });
  devices.Changes(
      {"revoke", "Revoke a device for good: its codes are declined from now on"},
      &DeviceStub::RevokeDevice,
      [](CLI::App& app, v1::RevokeDeviceRequest& request) {
        app.add_option("device", *request.mutable_name(), "Format: members/…/devices/…")
            ->required();
      },
      [](Output& output, const v1::RevokeDeviceResponse&) { output.Line("revoked"); });
}

}  // namespace puhui::services
