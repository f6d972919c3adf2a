// SPDX-License-Identifier: Apache-2.0
// What a union, or the operator, tells members. Whether the caller may speak for the union, the
// caller of this has judged.
#ifndef PUHUI_MERCHANT_APP_NOTICE_COMMANDS_H_
#define PUHUI_MERCHANT_APP_NOTICE_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/tables.h"

#include <string>
#include <utility>

namespace puhui::merchant {

// Records: NoticePublished. Refuses: INVALID_FIELD (the last day is before the first, or over).
class PublishNoticeCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionNumber union_number{};  // None: the operator tells everybody.
    std::string title{};
    std::string text{};
    Audience audience{};
    DayWindow window{};  // Resolved.
    std::string person{};
  };
  PublishNoticeCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Records: NoticeWithdrawn. Refuses: NOT_FOUND, NOTICE_STATE (it was withdrawn before).
class WithdrawNoticeCommand final : public ledger::Command {
 public:
  WithdrawNoticeCommand(Tables* tables, NoticeNumber notice, std::string person)
      : tables_(*tables), notice_(notice), person_(std::move(person)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const NoticeNumber notice_;
  const std::string person_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_NOTICE_COMMANDS_H_
