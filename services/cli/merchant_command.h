// SPDX-License-Identifier: Apache-2.0
// What the files that make the noun "merchant" share.
#ifndef PUHUI_SERVICES_CLI_MERCHANT_COMMAND_H_
#define PUHUI_SERVICES_CLI_MERCHANT_COMMAND_H_

#include "puhui/v1/merchant_service.pb.h"
#include "services/cli/noun.h"
#include "services/cli/output.h"

#include <functional>
#include <string>

namespace puhui::services {

inline constexpr int kBasisPointsMax = 10'000;

// "2.50%".
std::string PercentText(std::int32_t basis_points);
void PrintMerchant(Output& output, const v1::Merchant& merchant);
// --name-goods, of all that says what a merchant may.
void AddGoodsNamed(CLI::App& app, std::function<void(bool)> set);

// apply, decide and list.
void AddMerchantApplications(Noun& noun);
// agreement set and list, suspend, resume and close.
void AddMerchantLife(Noun& noun);
// The noun "terminal", which stands under "merchant" too, as do two of its verbs by other names.
void AddTerminals(CommandLine& line, Noun& merchant);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_MERCHANT_COMMAND_H_
