// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/device_applier.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;

absl::Status DeviceApplier::Apply(const jv1::Record& record) {
  if (record.has_device_enrolled()) return Enrol(record);
  if (record.has_device_revoked()) return Revoke(record.device_revoked());
  return absl::OkStatus();
}

absl::Status DeviceApplier::Enrol(const jv1::Record& record) {
  const jv1::DeviceEnrolled& enrolled = record.device_enrolled();
  if (enrolled.member().size() != MemberId::kBytes) {
    return absl::DataLossError("a device was enrolled without its member");
  }
  if (tables_.devices.Find(enrolled.number()) != nullptr) {
    return absl::DataLossError(absl::StrCat("device ", enrolled.number(), " was enrolled twice"));
  }
  const MemberId member = MemberId::FromBytes(enrolled.member());
  tables_.devices.Put(
      enrolled.number(),
      DeviceRow{.member = member, .enrol_time = absl::FromUnixMicros(record.time_micros())});
  MemberDevices& own = tables_.member_devices.Edit(member);
  own.devices.push_back(enrolled.number());
  ++own.ever;
  tables_.AddToCount(kDeviceCount, 1);
  return absl::OkStatus();
}

absl::Status DeviceApplier::Revoke(const jv1::DeviceRevoked& revoked) {
  const DeviceRow* known = tables_.devices.Find(revoked.number());
  if (known == nullptr) return absl::DataLossError("a device was revoked that nobody has");
  if (known->state == DeviceState::kRevoked) return absl::OkStatus();
  DeviceRow& row = tables_.devices.Edit(revoked.number());
  row.state = DeviceState::kRevoked;
  MemberDevices& own = tables_.member_devices.Edit(row.member);
  own.devices.erase(std::remove(own.devices.begin(), own.devices.end(), revoked.number()),
                    own.devices.end());
  own.revoked.push_back(revoked.number());
  tables_.AddToCount(kDeviceCount, -1);
  return absl::OkStatus();
}

}  // namespace puhui::merchant
