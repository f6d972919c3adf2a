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

#include <cstddef>

namespace puhui::services {

// Stored records for people and scripts, as one caller may see them.
// Threads: none; make one per call. Borrows: its arguments.
class RecordViewer {
 public:
  RecordViewer(const Principal* by, const ledger::Readable* from)
      : by_(*by), from_(*from), names_(from) {}

  // Fails: kDataLoss when the record cannot be read or names what does not exist.
  absl::StatusOr<v1::RecordView> ViewOf(Sequence sequence, absl::string_view bytes);
  // Whether a page has room for the view of a record of so many bytes, which is counted; the first
  // always. It has kPageRecordBytesMax of records, or three quarters of a message of what they look
  // like, which may be ten times as long.
  bool Fits(const v1::RecordView& view, std::size_t record_bytes);

 private:
  const Principal& by_;
  const ledger::Readable& from_;
  Names names_;
  std::size_t record_bytes_ = 0;
  std::size_t view_bytes_ = 0;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_RECORD_VIEW_H_
