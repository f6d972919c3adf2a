// SPDX-License-Identifier: Apache-2.0
// What the model says of the offer that a wish names. Without one nothing is refused, and nothing
// goes off.
#ifndef PUHUI_TESTS_MODEL_OFFER_MODEL_H_
#define PUHUI_TESTS_MODEL_OFFER_MODEL_H_

#include "tests/model/ledger_model.h"

#include "absl/time/time.h"

namespace puhui::testing {

// Whether its days are not over, and whether they have begun too.
bool IsBeforeEnd(const ModelOffer& offer, absl::Time now);
bool IsOpen(const ModelOffer& offer, absl::Time now);
// Whether nothing of it contradicts the rest.
bool IsSound(const ModelOffer& offer);
bool IsFor(const LedgerModel& model, const ModelOffer& offer, MemberId member);
// In a district, or in a store of which nobody knows where it is.
bool IsGoodIn(const ModelOffer& offer, std::uint32_t region);

Verdict FindOffer(const LedgerModel& model, const LedgerModel::TillCall& call,
                  const LedgerModel::Wish& wish);
Verdict CheckOfferState(const LedgerModel& model, const LedgerModel::TillCall& call,
                        const LedgerModel::Wish& wish);
Verdict CheckOfferRules(const LedgerModel& model, const LedgerModel::TillCall& call,
                        MemberId member, const LedgerModel::Wish& wish);
// The wish, less what goes off.
LedgerModel::Wish LessTheOffer(const LedgerModel& model, const LedgerModel::Wish& wish);
// How often the member has used it: what went back in full does not count.
std::int64_t UsesOf(const LedgerModel& model, std::uint32_t offer, MemberId member);

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_OFFER_MODEL_H_
