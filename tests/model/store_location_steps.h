// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_STORE_LOCATION_STEPS_H_
#define PUHUI_TESTS_MODEL_STORE_LOCATION_STEPS_H_

#include "ledger/storage/store.h"
#include "tests/model/ledger_model.h"

namespace puhui::testing {

// Where stores are, in the store and in the model.
void CompareStoreLocations(const ledger::Readable& store, const LedgerModel& model);

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_STORE_LOCATION_STEPS_H_
