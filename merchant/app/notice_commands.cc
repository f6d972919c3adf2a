// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/notice_commands.h"

#include "merchant/app/offer_records.h"

#include <cstdint>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::Reason;
using ledger::Refusal;

absl::optional<Refusal> PublishNoticeCommand::Decide(const ledger::DecideContext& context,
                                                     ledger::Decision& decision) {
  const DayWindow& window = wish_.window;
  if (window.first_day.has_value() && window.last_day < *window.first_day) {
    return Refusal{.reason = Reason::kInvalidField,
                   .field = "notice.last_day",
                   .message = "want a day not before first_day"};
  }
  if (window.end <= context.now) {
    return Refusal{.reason = Reason::kInvalidField,
                   .field = "notice.last_day",
                   .message = "want a day that is not over"};
  }
  jv1::NoticePublished& published = *decision.Add().mutable_notice_published();
  published.set_notice(static_cast<std::uint32_t>(tables_.NextNotice()));
  published.set_union_number(static_cast<std::uint32_t>(wish_.union_number));
  published.set_title(wish_.title);
  published.set_text(wish_.text);
  *published.mutable_audience() = RecordOf(wish_.audience);
  *published.mutable_window() = RecordOf(window);
  published.set_person(wish_.person);
  return absl::nullopt;
}

absl::optional<Refusal> WithdrawNoticeCommand::Decide(const ledger::DecideContext& /*context*/,
                                                      ledger::Decision& decision) {
  const NoticeRow* row = tables_.notices.Find(notice_);
  if (row == nullptr) {
    return Refusal{
        .reason = Reason::kNotFound, .field = "name", .message = "there is no such notice"};
  }
  if (row->withdraw_time.has_value()) {
    return Refusal{.reason = Reason::kNoticeState,
                   .field = "name",
                   .message = "the notice was withdrawn before"};
  }
  jv1::NoticeWithdrawn& withdrawn = *decision.Add().mutable_notice_withdrawn();
  withdrawn.set_notice(static_cast<std::uint32_t>(notice_));
  withdrawn.set_person(person_);
  return absl::nullopt;
}

}  // namespace puhui::merchant
