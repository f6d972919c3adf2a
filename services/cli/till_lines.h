// SPDX-License-Identifier: Apache-2.0
// Baskets on the command line: what is bought, what of it is captured or goes back, and how it was
// paid.
#ifndef PUHUI_SERVICES_CLI_TILL_LINES_H_
#define PUHUI_SERVICES_CLI_TILL_LINES_H_

#include "puhui/v1/basket.pb.h"
#include "services/cli/output.h"

#include <CLI/CLI.hpp>

#include <functional>

namespace puhui::services {

// --line CATEGORY:POINTS or CATEGORY:POINTS:REGION, once for each line that is bought.
void AddBasketLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::BasketLine>* lines);
void AddAcceptPartial(CLI::App& app, std::function<void(bool)> set);
// --line N=POINTS, once for each line of an earlier call that is meant.
void AddCaptureLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::CaptureLine>* lines);
void AddRefundLines(CLI::App& app, google::protobuf::RepeatedPtrField<v1::RefundLine>* lines);

// Each under the number that the two above take.
void PrintLines(Output& output, const google::protobuf::RepeatedPtrField<v1::PaidLine>& lines);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TILL_LINES_H_
