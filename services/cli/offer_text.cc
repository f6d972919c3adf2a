// SPDX-License-Identifier: Apache-2.0
#include "services/cli/offer_text.h"

#include "services/cli/merchant_command.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {

std::string BenefitText(const Output& output, const v1::Offer& offer) {
  switch (offer.benefit_case()) {
    case v1::Offer::kPercentageOff:
      return absl::StrCat(PercentText(offer.percentage_off().basis_points()), " off");
    case v1::Offer::kAmountOff:
      return absl::StrCat(output.Points(offer.amount_off().points()), " off");
    case v1::Offer::kItem:
      return absl::StrCat("item at ", output.Points(offer.item().price_points()));
    case v1::Offer::kSeats:
      return absl::StrCat("seats at ", output.Points(offer.seats().price_points()), ", ",
                          offer.seats().travel_day(), " ", offer.seats().from(), " - ",
                          offer.seats().to());
    case v1::Offer::BENEFIT_NOT_SET:
      break;
  }
  return "";
}

}  // namespace puhui::services
