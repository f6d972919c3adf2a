// SPDX-License-Identifier: Apache-2.0
// What an offer says, on the command line.
#ifndef PUHUI_SERVICES_CLI_OFFER_FLAGS_H_
#define PUHUI_SERVICES_CLI_OFFER_FLAGS_H_

#include "puhui/v1/offer.pb.h"
#include "services/cli/noun.h"

#include <CLI/CLI.hpp>
#include <google/protobuf/field_mask.pb.h>

namespace puhui::services {

// Whom something is for: a flag for every field.
// Borrows: the audience, until the command line is parsed.
void AddAudienceFlags(CLI::App& app, v1::Audience* audience);

// --file FILE, and a flag for every field. What the flags say stands over the file.
// Borrows: `offer`, until it is prepared, which is what fills it. With `mask`, which may be null,
// the fields that flags or the file name are added to it.
Prepare AddOfferFlags(CLI::App& app, v1::Offer* offer, google::protobuf::FieldMask* mask);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_OFFER_FLAGS_H_
