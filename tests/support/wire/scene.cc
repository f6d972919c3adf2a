// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/scene.h"

#include "ledger/base/status_macros.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <utility>

namespace puhui {

absl::StatusOr<Scene> Scene::Set(const Deployment& deployment, const Wish& wish,
                                 SeededRandom* random) {
  Scene scene;
  scene.ids = wish;
  Stage stage(&deployment, wish.union_id, random);
  PUHUI_RETURN_IF_ERROR(stage.FoundUnion());
  const auto people = static_cast<std::int64_t>(wish.people);
  // Twice what is issued, so that there is something left to issue.
  PUHUI_ASSIGN_OR_RETURN(const v1::Funding funding, stage.Fund(2 * people * kPointsEach));
  scene.funding = funding.name();
  PUHUI_ASSIGN_OR_RETURN(scene.members, stage.EnrolMembers(wish.first_person, wish.people));
  for (const std::string& member : scene.members) {
    PUHUI_ASSIGN_OR_RETURN(scene.cards.emplace_back(), stage.CardOf(member));
  }
  PUHUI_RETURN_IF_ERROR(
      stage.Prepare({.id = wish.campaign_id, .members = scene.members, .points = kPointsEach}));
  PUHUI_ASSIGN_OR_RETURN(const v1::IssueProgress issued, stage.Issue(wish.campaign_id));
  if (issued.rows_granted() != wish.people) return absl::InternalError(issued.DebugString());
  scene.campaign = absl::StrCat("campaigns/", wish.campaign_id);
  PUHUI_RETURN_IF_ERROR(
      stage.OpenMerchant({.id = wish.merchant_id, .fee_basis_points = wish.fee_basis_points}));
  PUHUI_ASSIGN_OR_RETURN(scene.terminal_identity,
                         stage.EnrollTerminal(wish.merchant_id, wish.terminal_id));
  scene.merchant = absl::StrCat("merchants/", wish.merchant_id);
  scene.store = absl::StrCat(scene.merchant, "/stores/", Stage::kStoreId);
  scene.terminal = absl::StrCat(scene.merchant, "/terminals/", wish.terminal_id);
  return scene;
}

v1::PurchaseRequest Scene::Purchase(std::uint32_t trace_number, std::int64_t points,
                                    SeededRandom& random) const {
  v1::PurchaseRequest request;
  request.set_request_id(NewRequestId(random));
  v1::Till& till = *request.mutable_till();
  till.set_terminal(terminal);
  till.set_batch_number(1);
  till.set_trace_number(trace_number);
  till.mutable_local_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  request.set_card_number(cards.front());
  request.set_points(points);
  return request;
}

}  // namespace puhui
