// SPDX-License-Identifier: Apache-2.0
// Reversals: of what arrived, of what did not, and of what arrives afterwards.
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

void ReversePurchase(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  till.Send(purchase);
  const auto reverse = till.Reverse(purchase.request_id());
  const auto first = till.Send(reverse);
  findings.Expect("by request id", ReversedText(till.points()), TextOf(first));
  findings.Expect("the same again", kSameAnswer, CompareText(first, till.Send(reverse)));
  findings.Expect("another reversal", ReversedText(till.points()),
                  TextOf(till.Send(till.ReverseByKeys(purchase.till()))));
  findings.Expect(
      "refund of it", "PURCHASE_REVERSED",
      TextOf(till.Send(till.Refund(first.response.purchase().retrieval_reference(), 1))));
  const auto by_keys = till.Purchase(till.points());
  till.Send(by_keys);
  findings.Expect("by batch and trace number", ReversedText(till.points()),
                  TextOf(till.Send(till.ReverseByKeys(by_keys.till()))));
}

void ReverseAfterRefund(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  const auto paid = till.Send(purchase);
  const auto refund = till.Refund(paid.response.purchase().retrieval_reference(), 1);
  till.Send(refund);
  findings.Expect("the refund cannot be reversed", "NOT_FOUND",
                  TextOf(till.Send(till.Reverse(refund.request_id()))));
  findings.Expect("the rest of the purchase can", ReversedText(till.points()),
                  TextOf(till.Send(till.Reverse(purchase.request_id()))));
}

void ReverseAuthorization(FakeTill& till, Findings& findings) {
  const auto authorize = till.Authorize(till.points());
  till.Send(authorize);
  findings.Expect("of an authorisation", absl::StrCat("VOIDED ", till.points()),
                  TextOf(till.Send(till.Reverse(authorize.request_id()))));
  const auto captured = till.Authorize(till.points());
  const auto held = till.Send(captured);
  const auto capture =
      till.Capture(held.response.authorization().retrieval_reference(), till.points());
  till.Send(capture);
  findings.Expect("of a capture", ReversedText(till.points()),
                  TextOf(till.Send(till.Reverse(capture.request_id()))));
  findings.Expect("what the authorisation is now", ReversedText(till.points()),
                  till.StatusText(captured.request_id()));
}

// The original comes after its reversal.
template <class Request>
void ExpectKeptOut(FakeTill& till, const Request& original, const v1::ReverseRequest& reverse,
                   Findings& findings) {
  findings.Expect("reversed before it arrives", "kept out", TextOf(till.Send(reverse)));
  const auto late = till.Send(original);
  findings.Expect("the late original", "REVERSED_BEFORE_ARRIVAL", TextOf(late));
  findings.Expect("and again", kSameAnswer, CompareText(late, till.Send(original)));
}

void LateOriginal(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  ExpectKeptOut(till, purchase, till.Reverse(purchase.request_id()), findings);
  const auto by_keys = till.Purchase(till.points());
  ExpectKeptOut(till, by_keys, till.ReverseByKeys(by_keys.till()), findings);
  const auto authorize = till.Authorize(till.points());
  ExpectKeptOut(till, authorize, till.Reverse(authorize.request_id()), findings);
}

void OvertakenOnTheLine(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  std::string reversed;
  const auto heard = till.SendLate(
      purchase, [&] { reversed = TextOf(till.Send(till.Reverse(purchase.request_id()))); });
  findings.Expect("the reversal overtakes the purchase", "kept out", reversed);
  findings.Expect("the purchase arrives", "REVERSED_BEFORE_ARRIVAL", TextOf(heard));
  findings.Expect("what the server says of it", "declined: REVERSED_BEFORE_ARRIVAL",
                  till.StatusText(purchase.request_id()));
}

void Delayed(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  std::string again;
  const auto heard = till.SendLate(purchase, [&] { again = TextOf(till.Send(purchase)); });
  findings.Expect("the copy overtakes the original", absl::StrCat("CAPTURED ", till.points()),
                  again);
  findings.Expect("the original arrives", absl::StrCat("CAPTURED ", till.points()), TextOf(heard));
  findings.Expect("both are one purchase", kSameAnswer, CompareText(heard, till.Send(purchase)));
}

}  // namespace

void AddReversalCases(std::vector<PosCheckCase>* cases) {
  cases->push_back({"reverse-purchase", "a purchase is reversed, twice", ReversePurchase});
  cases->push_back({"reverse-after-refund", "what a refund left is reversed", ReverseAfterRefund});
  cases->push_back(
      {"reverse-hold", "an authorisation, a capture is reversed", ReverseAuthorization});
  cases->push_back({"late-original", "originals that are sent after their reversal", LateOriginal});
  cases->push_back(
      {"overtaken", "a reversal overtakes its original on the line", OvertakenOnTheLine});
  cases->push_back({"delayed", "a copy overtakes its original on the line", Delayed});
}

}  // namespace puhui::services
