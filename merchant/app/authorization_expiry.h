// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_AUTHORIZATION_EXPIRY_H_
#define PUHUI_MERCHANT_APP_AUTHORIZATION_EXPIRY_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/till_commands.h"

#include "absl/types/optional.h"

#include <utility>
#include <vector>

namespace puhui::merchant {

// Ends authorisations whose time is over: held → wallet, one entry each. One that has ended
// meanwhile, by a capture that came first or by an earlier command, is left alone: the writer
// decides one thing after the other, so each ends once. Refuses nothing.
class ExpireAuthorizationsCommand final : public ledger::Command {
 public:
  ExpireAuthorizationsCommand(TillState state, std::vector<Sequence> authorizations)
      : state_(state), authorizations_(std::move(authorizations)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  // Where an order that has lapsed would have been delivered to is forgotten.
  void StorePersonalData() override;

 private:
  void NoteAddress(Sequence sequence, const AuthorizationRow& row);

  const TillState state_;
  const std::vector<Sequence> authorizations_;
  std::vector<std::pair<MemberId, ledger::Tag>> addresses_{};
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_AUTHORIZATION_EXPIRY_H_
