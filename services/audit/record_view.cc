// SPDX-License-Identifier: Apache-2.0
#include "services/audit/record_view.h"

#include "audit/index/facts_of.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/account.h"
#include "ledger/engine/replay.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/audit/account_owner.h"
#include "services/audit/hide_occasions.h"
#include "services/ledger/period_view.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"

#include <string>

namespace puhui::services {
absl::StatusOr<v1::RecordView> RecordViewer::ViewOf(Sequence sequence, absl::string_view bytes) {
  PUHUI_ASSIGN_OR_RETURN(journal::v1::Record record, ledger::ParseRecord(sequence, bytes));
  PUHUI_RETURN_IF_ERROR(HideOccasions(by_, from_, &record));
  v1::RecordView view;
  view.set_sequence(sequence);
  *view.mutable_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  view.set_caller(record.request().caller());
  view.set_kind(audit::KindText(audit::KindOf(record)));
  if (record.period() != 0) view.set_period(FormatPeriodName(record.period()));
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  if (!google::protobuf::util::MessageToJsonString(record, view.mutable_json(), options).ok()) {
    return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be shown"));
  }
  for (const journal::v1::Posting& posting : record.entry().postings()) {
    v1::PostingView& line = *view.add_postings();
    line.set_kind(static_cast<v1::AccountKind>(posting.kind()));
    PUHUI_ASSIGN_OR_RETURN(
        *line.mutable_owner(),
        OwnerNameOf({.kind = static_cast<ledger::AccountKind>(posting.kind()),
                     .owner = posting.owner(),
                     .member = posting.member().empty() ? MemberId()
                                                        : MemberId::FromBytes(posting.member())},
                    names_));
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names_.OfUnion(UnionNumber{posting.origin()}));
    line.set_points(posting.points());
  }
  return view;
}

bool RecordViewer::Fits(const v1::RecordView& view, std::size_t record_bytes) {
  const bool is_first = view_bytes_ == 0;
  record_bytes_ += record_bytes;
  view_bytes_ += view.ByteSizeLong();
  return is_first ||
         (record_bytes_ <= kPageRecordBytesMax && view_bytes_ <= kMessageBytesMax / 4 * 3);
}

}  // namespace puhui::services
