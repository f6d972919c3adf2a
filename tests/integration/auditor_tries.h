// SPDX-License-Identifier: Apache-2.0
// An auditor who tries everything that is not an auditor's.
#ifndef PUHUI_TESTS_INTEGRATION_AUDITOR_TRIES_H_
#define PUHUI_TESTS_INTEGRATION_AUDITOR_TRIES_H_

#include "tests/integration/scope_rows.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/deployment.h"

#include <string>
#include <vector>

namespace puhui {

// Calls each RPC that an auditor may not, naming what is there and then what is not, and expects
// that nothing is learnt from either answer. Returns what was tried, in order, as
// "AuditService/GetRecord".
std::vector<std::string> TryWhatIsNotAnAuditors(const Deployment& deployment,
                                                const std::string& auditor, const World& there,
                                                const World& nowhere, SeededRandom* random);

// Expects that exactly these are in the access journal as tries of the person, refused.
void ExpectTriesOnRecord(const Deployment& deployment, const std::string& auditor,
                         const std::string& person, const std::vector<std::string>& tried);

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_AUDITOR_TRIES_H_
