// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ADMIN_ARCHIVE_CALLS_H_
#define PUHUI_SERVICES_ADMIN_ARCHIVE_CALLS_H_

#include "puhui/v1/admin_service.pb.h"
#include "services/admin/archiving.h"
#include "services/rpc/server_stream.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// The calls of AdminService that are about archives. Threads: safe. Borrows: the archiving.
class ArchiveCalls {
 public:
  explicit ArchiveCalls(Archiving* archiving) : archiving_(archiving) {}

  absl::StatusOr<MessageSource<v1::ArchivePeriodResponse>> Archive(
      const v1::ArchivePeriodRequest& request) const;
  absl::StatusOr<v1::ListArchivesResponse> List() const;

 private:
  Archiving* const archiving_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ADMIN_ARCHIVE_CALLS_H_
