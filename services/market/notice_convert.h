// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_NOTICE_CONVERT_H_
#define PUHUI_SERVICES_MARKET_NOTICE_CONVERT_H_

#include "merchant/app/notice_commands.h"
#include "merchant/app/offer_rows.h"
#include "puhui/v1/notice.pb.h"
#include "services/ledger/names.h"
#include "services/market/audience_convert.h"

#include "absl/status/statusor.h"

namespace puhui::services {

// A notice whose shape is right: who speaks, and what the audience names, is still to be looked up,
// and its days are of no zone yet.
struct NoticeDraft {
  merchant::PublishNoticeCommand::Wish wish{};
  AudienceDraft audience{};
};
// Refuses: kInvalidField.
absl::StatusOr<NoticeDraft> ReadNotice(const v1::Notice& message);
absl::StatusOr<v1::Notice> NoticeOf(merchant::NoticeNumber number, const merchant::NoticeRow& row,
                                    Names& names);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_NOTICE_CONVERT_H_
