// SPDX-License-Identifier: Apache-2.0
#include "services/wallet/device_service.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_commands.h"
#include "merchant/app/device_rows.h"
#include "puhui/v1/device_service.grpc.pb.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include <utility>

namespace puhui::services {

struct DeviceService::Wire final : v1::DeviceService::AsyncService {};

DeviceService::DeviceService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

DeviceService::~DeviceService() = default;

namespace {

constexpr absl::string_view kDevices = "/devices/";
constexpr std::size_t kNumberDigits = 8;

struct DeviceName {
  MemberId member;
  std::uint32_t number = 0;
};
absl::StatusOr<DeviceName> ParseDeviceName(absl::string_view name) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits(kDevices, 1));
  DeviceName parsed;
  const bool is_number =
      parts.second.size() == kNumberDigits && absl::SimpleAtoi(parts.second, &parsed.number);
  const auto member = ParseMemberName(parts.first, "name");
  if (!member.ok() || !is_number || parsed.number >= merchant::kDeviceNumbers) {
    return InvalidField("name", "want members/{member}/devices/{device}");
  }
  parsed.member = *member;
  return parsed;
}

void Describe(MemberId member, std::uint32_t number, absl::Time enrol_time, v1::Device* device) {
  device->set_name(absl::StrFormat("%s%s%08d", FormatMemberName(member), kDevices, number));
  *device->mutable_enrol_time() = ToTimestamp(enrol_time);
}

}  // namespace

void DeviceService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryLater(
      Rpc::kEnrolDevice, wire_.get(), &Wire::RequestEnrolDevice,
      [this](const CallContext& call, const v1::EnrolDeviceRequest& asked,
             v1::EnrolDeviceResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadEnrol(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::EnrolDeviceResponse* out) {
                     return AnswerEnrol(outcome.first(), out);
                   });
      });
  calls.Unary(Rpc::kListDevices, wire_.get(), &Wire::RequestListDevices,
              [this](const CallContext& call, const v1::ListDevicesRequest& asked) {
                return DoListDevices(call, asked);
              });
  calls.UnaryLater(
      Rpc::kRevokeDevice, wire_.get(), &Wire::RequestRevokeDevice,
      [this](const CallContext& call, const v1::RevokeDeviceRequest& asked,
             v1::RevokeDeviceResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadRevoke(call, asked), answer, std::move(done),
                   [this](const ledger::Outcome& outcome, v1::RevokeDeviceResponse* /*out*/) {
                     parts_.keys->Forget(outcome.first().device_revoked().number());
                     return absl::OkStatus();
                   });
      });
}

absl::Status DeviceService::Allow(const CallContext& call, const MemberId& member) const {
  return AllowMemberById(call.principal(), member, parts_.ledger.engine->Latest(), *parts_.tree);
}

DeviceService::MaybeCommand DeviceService::ReadEnrol(const CallContext& call,
                                                     const v1::EnrolDeviceRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.parent(), "parent"));
  PUHUI_RETURN_IF_ERROR(Allow(call, member));
  return std::make_unique<merchant::EnrolDeviceCommand>(
      parts_.state, merchant::EnrolDeviceCommand::Wish{
                        .member = member,
                        .numbers = parts_.keys->DrawNumbers(),
                        .sealed_secret = parts_.keys->Seal(member, parts_.keys->DrawSecret())});
}

DeviceService::MaybeCommand DeviceService::ReadRevoke(
    const CallContext& call, const v1::RevokeDeviceRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const DeviceName name, ParseDeviceName(request.name()));
  PUHUI_RETURN_IF_ERROR(Allow(call, name.member));
  return std::make_unique<merchant::RevokeDeviceCommand>(
      parts_.state.tables,
      merchant::RevokeDeviceCommand::Wish{
          .member = name.member, .number = name.number, .person = call.principal().person});
}

// The secret stays what it was, so a replay gives the same.
absl::Status DeviceService::AnswerEnrol(const journal::v1::Record& record,
                                        v1::EnrolDeviceResponse* response) const {
  const std::uint32_t number = record.device_enrolled().number();
  const MemberId member = MemberId::FromBytes(record.device_enrolled().member());
  PUHUI_ASSIGN_OR_RETURN(const auto sealed, ledger::Find(parts_.ledger.engine->Latest(),
                                                         merchant::kDeviceSecretTable, number));
  if (!sealed.has_value()) return absl::DataLossError("the secret of a device is missing");
  if (sealed->empty()) {
    return ledger::ToStatus({.reason = ledger::Reason::kNotFound,
                             .field = "parent",
                             .message = "the secret of the device was destroyed with the personal "
                                        "data of the member"});
  }
  PUHUI_ASSIGN_OR_RETURN(*response->mutable_secret(), parts_.keys->Open(member, *sealed));
  response->set_cohort_key(parts_.keys->CohortKey(merchant::CohortOf(number)));
  response->set_payment_code_prefix(parts_.payment_code_prefix);
  Describe(member, number, absl::FromUnixMicros(record.time_micros()), response->mutable_device());
  return absl::OkStatus();
}

absl::StatusOr<v1::ListDevicesResponse> DeviceService::DoListDevices(
    const CallContext& call, const v1::ListDevicesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(request.parent(), "parent"));
  PUHUI_RETURN_IF_ERROR(Allow(call, member));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto own,
                         ledger::Find(*store, merchant::kMemberDeviceTable, member));
  v1::ListDevicesResponse response;
  if (!own.has_value()) return response;
  for (const std::uint32_t number : own->devices) {
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(*store, merchant::kDeviceTable, number));
    if (!row.has_value()) return absl::DataLossError("a device of a member is missing");
    Describe(member, number, row->enrol_time, response.add_devices());
  }
  return response;
}

}  // namespace puhui::services
