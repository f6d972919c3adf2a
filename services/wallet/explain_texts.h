// SPDX-License-Identifier: Apache-2.0
// What a till would answer, in words for people.
#ifndef PUHUI_SERVICES_WALLET_EXPLAIN_TEXTS_H_
#define PUHUI_SERVICES_WALLET_EXPLAIN_TEXTS_H_

#include "ledger/core/refusal.h"
#include "ledger/core/terms.h"
#include "merchant/app/limits.h"
#include "puhui/v1/wallet_service.pb.h"

#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::services {

v1::Explanation ExplainWhyNot(ledger::WhyNot reason);

// What a till would say to `asked` points.
struct Answer {
  absl::optional<ledger::Reason> declined{};  // Nothing: accepted, for so many points.
  std::int64_t asked = 0;
  std::int64_t approved = 0;
  std::int64_t available = 0;
  absl::optional<merchant::LimitFound> limit{};  // By which it is declined.
};
// Of the merchant's limit only the window is said: the rest is not the member's. Requires:
// `declined` is a reason that ExplainSpend lists, or nothing.
v1::Explanation ExplainAnswer(const Answer& answer);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_EXPLAIN_TEXTS_H_
