// SPDX-License-Identifier: Apache-2.0
// The terms of a campaign on the command line.
#ifndef PUHUI_SERVICES_CLI_TERMS_FLAGS_H_
#define PUHUI_SERVICES_CLI_TERMS_FLAGS_H_

#include "puhui/v1/terms.pb.h"
#include "services/cli/noun.h"
#include "services/cli/output.h"

#include <CLI/CLI.hpp>

namespace puhui::services {

enum class TermsUse {
  kRequired,
  kOptional,  // None are asked for unless a flag is given.
};

// --terms FILE, and a flag for every field. What the flags say stands over the file, and the file
// over what `terms` is by then. A list by flags stands in place of the file's.
// Borrows: `terms`, until it is prepared, which is what fills it.
Prepare AddTermsFlags(CLI::App& app, TermsUse use, v1::Terms* terms);

// Those that ask something.
void PrintTerms(Output& output, const v1::Terms& terms);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TERMS_FLAGS_H_
