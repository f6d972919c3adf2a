// SPDX-License-Identifier: Apache-2.0
// What becomes of fundings before there are points.
#ifndef PUHUI_TESTS_MODEL_FUNDING_MODEL_H_
#define PUHUI_TESTS_MODEL_FUNDING_MODEL_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "tests/model/ledger_model.h"

#include <cstdint>
#include <string>

namespace puhui::testing {

Verdict ProposeFunding(const LedgerModel& model, std::uint32_t of, const std::string& reference);
Verdict RejectFunding(LedgerModel* model, std::uint32_t of, Sequence proposal);

// Where fundings stand, and which of them a union has, in the store and in the model.
void CompareFundings(const ledger::Readable& store, const LedgerModel& model);

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_FUNDING_MODEL_H_
