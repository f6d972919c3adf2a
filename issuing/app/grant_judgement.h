// SPDX-License-Identifier: Apache-2.0
// Whether a row of a plan is granted: the one rule for the issue run and for its preview.
#ifndef PUHUI_ISSUING_APP_GRANT_JUDGEMENT_H_
#define PUHUI_ISSUING_APP_GRANT_JUDGEMENT_H_

#include "issuing/app/rows.h"
#include "issuing/app/rule_rows.h"
#include "issuing/core/rule_pack.h"
#include "issuing/core/rule_verdict.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"
#include "ledger/core/terms.h"
#include "ledger/core/wallet.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::issuing {

// What a pack asks about a campaign that is issued on `day` in `zone` by a union of that kind.
RuleFrame FrameOf(const RulePack& pack, const std::string& occasion, const ledger::Terms& terms,
                  IssuerKind issuer_kind, absl::CivilDay day, absl::TimeZone zone);

// What is the same for all rows of a campaign. Borrows: terms and pack.
struct GrantFrame {
  const ledger::Terms* terms = nullptr;
  const RulePack* pack = nullptr;  // Null: nothing is limited.
  std::string occasion{};
  absl::CivilDay day{};  // That the grants count in.
  RuleFrame rules{};     // Of the pack.
};

// What is known of a row and its member.
struct GrantFacts {
  const ledger::Wallet* wallet = nullptr;  // Null: there is none.
  const ReceivedRow* received = nullptr;   // In the year of the frame's day; null: nothing.
  Points points{};                         // Of the row; more than none.
};

struct GrantVerdict {
  absl::optional<ledger::Reason> reason{};  // Nullopt: granted.
  absl::optional<Inputs> inputs{};          // What the pack asked, if it was asked.
  Verdict rule{};                           // Of the pack; broken with RULE_PACK_BROKEN.
};

// Refuses: MEMBER_NOT_ACTIVE, CAMPAIGN_EXPIRED, OPEN_LOTS_LIMIT, OCCASIONS_RECEIVED_LIMIT,
// RULE_PACK_BROKEN.
GrantVerdict JudgeGrant(const GrantFrame& frame, const GrantFacts& facts, absl::Time now);

// What is refused before a pack is asked. `wallet` is null when there is none.
// Refuses: MEMBER_NOT_ACTIVE, CAMPAIGN_EXPIRED, OPEN_LOTS_LIMIT (terms with an earmark count as two
// lots).
absl::optional<ledger::Reason> RefuseGrant(const ledger::Wallet* wallet, const ledger::Terms& terms,
                                           absl::Time now);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_GRANT_JUDGEMENT_H_
