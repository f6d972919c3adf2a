// SPDX-License-Identifier: Apache-2.0
#include "services/market/notice_convert.h"

#include "ledger/base/status_macros.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

namespace puhui::services {

absl::StatusOr<NoticeDraft> ReadNotice(const v1::Notice& message) {
  NoticeDraft draft;
  if (!message.union_().empty()) {
    PUHUI_RETURN_IF_ERROR(ParseUnionName(message.union_(), "notice.union").status());
  }
  PUHUI_RETURN_IF_ERROR(CheckDisplayName(message.title(), "notice.title"));
  draft.wish.title = message.title();
  if (message.text().empty()) return InvalidField("notice.text", "want what members are told");
  PUHUI_RETURN_IF_ERROR(CheckLongText(message.text(), "notice.text"));
  draft.wish.text = message.text();
  PUHUI_ASSIGN_OR_RETURN(draft.audience, ReadAudience(message.audience(), "notice.audience"));
  PUHUI_ASSIGN_OR_RETURN(draft.wish.window.first_day,
                         ReadOptionalDay(message.first_day(), "notice.first_day"));
  PUHUI_ASSIGN_OR_RETURN(draft.wish.window.last_day,
                         ReadDay(message.last_day(), "notice.last_day"));
  return draft;
}

absl::StatusOr<v1::Notice> NoticeOf(merchant::NoticeNumber number, const merchant::NoticeRow& row,
                                    Names& names) {
  v1::Notice message;
  message.set_name(FormatNoticeName(static_cast<std::uint32_t>(number)));
  if (row.union_number != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(*message.mutable_union_(), names.OfUnion(row.union_number));
  }
  message.set_state(row.withdraw_time.has_value() ? v1::NOTICE_STATE_WITHDRAWN
                                                  : v1::NOTICE_STATE_PUBLISHED);
  message.set_title(row.title);
  message.set_text(row.text);
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_audience(), AudienceOf(row.audience, names));
  SetWindow(row.window, &message);
  *message.mutable_publish_time() = ToTimestamp(row.publish_time);
  if (row.withdraw_time.has_value()) {
    *message.mutable_withdraw_time() = ToTimestamp(*row.withdraw_time);
  }
  return message;
}

}  // namespace puhui::services
