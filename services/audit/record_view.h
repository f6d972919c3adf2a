// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_
#define PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/auth/identity.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

// Stored records for people and scripts, as one caller may see them.
// Threads: none; make one per call. Borrows: its arguments.
class RecordViewer {
 public:
  RecordViewer(const Principal* by, const ledger::Readable* from)
      : by_(*by), from_(*from), names_(from) {}

  // Fails: kDataLoss when the record cannot be read or names what does not exist.
  absl::StatusOr<v1::RecordView> ViewOf(Sequence sequence, absl::string_view bytes);

 private:
  const Principal& by_;
  const ledger::Readable& from_;
  Names names_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_
