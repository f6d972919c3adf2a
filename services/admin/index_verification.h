// SPDX-License-Identifier: Apache-2.0
// The index of auditors in a data directory.
#ifndef PUHUI_SERVICES_ADMIN_INDEX_VERIFICATION_H_
#define PUHUI_SERVICES_ADMIN_INDEX_VERIFICATION_H_

#include "audit/index/index_report.h"
#include "ledger/engine/verify.h"
#include "ledger/storage/store.h"
#include "puhui/v1/admin_service.pb.h"
#include "services/admin/verification.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::services {

// Where it is in a data directory.
std::string AuditIndexPath(const std::string& data_directory);

struct IndexMomentVerification {
  const ledger::Readable* index;  // Null: there is none.
  const ledger::Readable* journal;
  std::string scratch_directory;  // Where a directory is made for the scratch store, and removed.
  std::uint64_t disk_reserve_bytes = 0;  // What stays free on its disk; heeded with a pace.
  VerifyProgress progress = {};
  VerifyPace pace = {};
};

// As audit::VerifyIndex, in a scratch store of its own. Fails: kResourceExhausted before the
// reserve of the disk is touched, which a ledger there takes no writes without.
absl::StatusOr<audit::IndexReport> VerifyIndexMoment(const IndexMomentVerification& verification);

// Verifies the index in the data directory of a server that is not running. The scratch store lies
// in the directory; those that were left there are removed first. Nothing else in it is changed.
// Fails: kFailedPrecondition when a server has the directory open; kNotFound; as VerifyIndexMoment.
// `archives`: as in OfflineVerification.
absl::StatusOr<audit::IndexReport> VerifyIndexDirectory(const std::string& path,
                                                        const std::string& archives,
                                                        const VerifyProgress& progress);

// What VerifyDifference::family says of rows of the index.
inline constexpr absl::string_view kAuditIndexFamily = "audit-index";
// Takes what differs into the findings of the ledger that it is an index of. Fails: as `index`, but
// that is a finding too when it is the journal that is damaged, or when there are findings already,
// which must not be lost because the index cannot be read or rebuilt now.
absl::Status AddIndexFindings(const absl::StatusOr<audit::IndexReport>& index,
                              ledger::VerifyReport* report);
v1::IndexVerification IndexToProto(const audit::IndexReport& index);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_INDEX_VERIFICATION_H_
