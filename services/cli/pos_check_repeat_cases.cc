// SPDX-License-Identifier: Apache-2.0
// The same call more than once, one after the other and at once, and many refunds of one purchase.
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"

#include <map>

namespace puhui::services {
namespace {

constexpr std::size_t kStorm = 24;

// How often each answer was heard: "20 × refund, 4 × REFUND_ABOVE_PURCHASE".
template <class Answers, class Name>
std::string CountText(const Answers& answers, Name name) {
  std::map<std::string, std::size_t> counts;
  for (const auto& answer : answers) ++counts[name(answer)];
  std::string text;
  for (const auto& [what, count] : counts) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", count, " × ", what);
  }
  return text;
}

template <class Request>
void Repeat(FakeTill& till, const Request& request, const std::string& expected,
            Findings& findings) {
  const auto first = till.Send(request);
  findings.Expect("once", expected, TextOf(first));
  findings.Expect("again", kSameAnswer, CompareText(first, till.Send(request)));
  const auto many = till.SendAll(std::vector<Request>(kStorm, request));
  findings.Expect("many times at once", absl::StrCat(kStorm, " × ", kSameAnswer),
                  CountText(many, [&](const auto& heard) { return CompareText(first, heard); }));
}

void DuplicatePurchase(FakeTill& till, Findings& findings) {
  const auto request = till.Purchase(till.points());
  Repeat(till, request, absl::StrCat("CAPTURED ", till.points()), findings);
  auto other = request;
  other.set_points(till.points() + 1);
  findings.Expect("the same id for another amount", "REQUEST_ID_REUSED", TextOf(till.Send(other)));
  auto same_trace = till.Purchase(till.points());
  same_trace.mutable_till()->set_trace_number(request.till().trace_number());
  const auto declined = till.Send(same_trace);
  findings.Expect("the same trace number under another id", "TRACE_NUMBER_USED", TextOf(declined));
  v1::TillKeys keys;
  keys.set_batch_number(request.till().batch_number());
  keys.set_trace_number(request.till().trace_number());
  findings.Expect("what the trace number stands for", absl::StrCat("CAPTURED ", till.points()),
                  TextOf(till.StatusOf(keys)));
}

void FirstOfManyAtOnce(FakeTill& till, Findings& findings) {
  const auto request = till.Purchase(till.points());
  const auto many = till.SendAll(std::vector<v1::PurchaseRequest>(kStorm, request));
  findings.Expect("nobody was first before", absl::StrCat(kStorm, " × CAPTURED ", till.points()),
                  CountText(many, [](const auto& heard) { return TextOf(heard); }));
  findings.Expect("all are one purchase", absl::StrCat(kStorm, " × ", kSameAnswer),
                  CountText(many, [&](const auto& heard) { return CompareText(many[0], heard); }));
}

void DuplicateAuthorize(FakeTill& till, Findings& findings) {
  Repeat(till, till.Authorize(till.points()), absl::StrCat("HELD ", till.points()), findings);
}

void DuplicateCapture(FakeTill& till, Findings& findings) {
  const auto authorize = till.Authorize(till.points());
  const auto held = till.Send(authorize);
  Repeat(till, till.Capture(held.response.authorization().retrieval_reference(), till.points()),
         absl::StrCat("CAPTURED ", till.points(), ", 0 released"), findings);
  findings.Expect("what it is now", absl::StrCat("CAPTURED ", till.points()),
                  till.StatusText(authorize.request_id()));
}

void DuplicateVoid(FakeTill& till, Findings& findings) {
  const auto held = till.Send(till.Authorize(till.points()));
  Repeat(till, till.Void(held.response.authorization().retrieval_reference()),
         absl::StrCat("VOIDED ", till.points()), findings);
}

void DuplicateRefund(FakeTill& till, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  const auto paid = till.Send(purchase);
  Repeat(till, till.Refund(paid.response.purchase().retrieval_reference(), 1),
         "refund of 1, 1 in all", findings);
  findings.Expect("what was given back",
                  absl::StrCat("PARTLY_REFUNDED ", till.points(), ", 1 given back"),
                  till.StatusText(purchase.request_id()));
}

void RefundStorm(FakeTill& till, Findings& findings) {
  constexpr std::int64_t kTooMany = 4;
  const auto points = static_cast<std::int64_t>(kStorm) - kTooMany;
  const auto purchase = till.Purchase(points);
  const auto paid = till.Send(purchase);
  const std::string reference = paid.response.purchase().retrieval_reference();
  std::vector<v1::RefundRequest> refunds;
  for (std::size_t i = 0; i < kStorm; ++i) refunds.push_back(till.Refund(reference, 1));
  const auto heard = till.SendAll(refunds);
  findings.Expect("refunds of one point each, more than there are",
                  absl::StrCat(kTooMany, " × REFUND_ABOVE_PURCHASE, ", points, " × given back"),
                  CountText(heard, [](const auto& refund) {
                    return refund.status.ok() ? "given back" : RefusalText(refund.status);
                  }));
  findings.Expect("what was given back",
                  absl::StrCat("REFUNDED ", points, ", ", points, " given back"),
                  till.StatusText(purchase.request_id()));
}

void CaptureStorm(FakeTill& till, Findings& findings) {
  const auto authorize = till.Authorize(till.points());
  const auto held = till.Send(authorize);
  const std::string reference = held.response.authorization().retrieval_reference();
  std::vector<v1::CaptureRequest> captures;
  for (std::size_t i = 0; i < kStorm; ++i) {
    captures.push_back(till.Capture(reference, till.points()));
  }
  const auto heard = till.SendAll(captures);
  findings.Expect("one of many captures",
                  absl::StrCat(kStorm - 1, " × AUTHORIZATION_CAPTURED, 1 × captured"),
                  CountText(heard, [](const auto& capture) {
                    return capture.status.ok() ? "captured" : RefusalText(capture.status);
                  }));
  findings.Expect("what it is now", absl::StrCat("CAPTURED ", till.points()),
                  till.StatusText(authorize.request_id()));
}

}  // namespace

void AddRepeatCases(std::vector<PosCheckCase>* cases) {
  cases->push_back({"duplicate-purchase", "a purchase sent again and again", DuplicatePurchase});
  cases->push_back({"duplicate-at-once", "copies of a purchase that race", FirstOfManyAtOnce});
  cases->push_back({"duplicate-authorize", "an authorisation sent again", DuplicateAuthorize});
  cases->push_back({"duplicate-capture", "a capture sent again", DuplicateCapture});
  cases->push_back({"duplicate-void", "a void sent again", DuplicateVoid});
  cases->push_back({"duplicate-refund", "a refund sent again", DuplicateRefund});
  cases->push_back({"refund-storm", "more refunds than there are points, at once", RefundStorm});
  cases->push_back({"capture-storm", "one authorisation captured many times", CaptureStorm});
}

}  // namespace puhui::services
