// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_OFFER_VIEW_COMMAND_H_
#define PUHUI_MERCHANT_APP_OFFER_VIEW_COMMAND_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::merchant {

// How often members of one union opened an offer, since that was last written down.
struct OfferViewCount {
  std::uint32_t offer = 0;
  MerchantNumber merchant{};
  std::vector<UnionNumber> unions{};  // The members', the one above it, and so on up to the root.
  std::uint32_t views = 0;
};

// One record of many views, so that looking at offers costs the ledger next to nothing.
// Requires: there is one, and at most kOfferViewsPerRecordMax (checked). Refuses nothing.
class CountOfferViewsCommand final : public ledger::Command {
 public:
  explicit CountOfferViewsCommand(std::vector<OfferViewCount> counts)
      : counts_(std::move(counts)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  const std::vector<OfferViewCount> counts_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_VIEW_COMMAND_H_
