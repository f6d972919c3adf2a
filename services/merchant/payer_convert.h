// SPDX-License-Identifier: Apache-2.0
// Who pays, as a till says it.
#ifndef PUHUI_SERVICES_MERCHANT_PAYER_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_PAYER_CONVERT_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace puhui::services {

// What the member showed. Good as long as the request it is of.
struct ShownPayer {
  absl::string_view card_number;
  absl::string_view payment_code;
};

// Of a PurchaseRequest or an AuthorizeRequest.
template <class Request>
ShownPayer PayerOf(const Request& request) {
  return {.card_number = request.card_number(), .payment_code = request.payment_code()};
}

// That there is a card number or a payment code, and not both, and that it is written as such: 16
// digits with a Luhn check digit, 18 digits. Refuses: kInvalidField (card_number, payment_code),
// without the digits.
absl::Status CheckPayer(const ShownPayer& shown);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_PAYER_CONVERT_H_
