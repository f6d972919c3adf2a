// SPDX-License-Identifier: Apache-2.0
// What becomes of a wallet and its cards when its member changes.
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_views.h"

#include "absl/strings/str_cat.h"

#include <tuple>

namespace puhui::ledger {
namespace {

namespace jv1 = journal::v1;

// By the number of puhui.v1.MemberState, which says where the member stands.
absl::StatusOr<WalletState> WalletStateOf(std::uint32_t member_state) {
  switch (member_state) {
    case 1:
      return WalletState::kActive;
    case 2:
      return WalletState::kSuspended;
    case 3:
      return WalletState::kClosed;
    default:
      return absl::DataLossError(absl::StrCat("a member in state ", member_state));
  }
}

}  // namespace

absl::Status LedgerViews::ApplyToMember(const jv1::MemberChanged& changed) {
  if (changed.member().size() != MemberId::kBytes) {
    return absl::DataLossError("a member changed without an id");
  }
  const MemberId member = MemberId::FromBytes(changed.member());
  if (wallets.Find(member) == nullptr) {
    return absl::DataLossError("a member changed who never joined");
  }
  PUHUI_ASSIGN_OR_RETURN(const WalletState state, WalletStateOf(changed.state()));
  if (wallets.Find(member)->state != state) wallets.Edit(member).state = state;
  if (changed.has_card_issued()) return IssueCard(changed.card_issued(), member);
  if (changed.has_card_blocked()) return BlockCard(changed.card_blocked().card_hash(), member);
  return absl::OkStatus();
}

absl::Status LedgerViews::IssueCard(const jv1::CardIssued& issued, MemberId member) {
  if (issued.card_hash().size() != std::tuple_size_v<Tag>) {
    return absl::DataLossError("a card was issued without its hash");
  }
  if (!issued.replaces().empty()) PUHUI_RETURN_IF_ERROR(BlockCard(issued.replaces(), member));
  cards.Put(TagFromBytes(issued.card_hash()), CardRow{.member = member});
  wallets.Edit(member).card_last_four = issued.card_last_four();
  return absl::OkStatus();
}

absl::Status LedgerViews::BlockCard(absl::string_view card_hash, MemberId member) {
  if (card_hash.size() != std::tuple_size_v<Tag>) {
    return absl::DataLossError("a card was blocked without its hash");
  }
  const Tag card = TagFromBytes(card_hash);
  const CardRow* const row = cards.Find(card);
  if (row == nullptr || row->member != member) {
    return absl::DataLossError("a card was blocked that the member does not have");
  }
  cards.Edit(card).state = CardState::kBlocked;
  return absl::OkStatus();
}

}  // namespace puhui::ledger
