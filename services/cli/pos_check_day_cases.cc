// SPDX-License-Identifier: Apache-2.0
// Partial approvals, bills, and the end of a till's day.
#include "services/cli/enum_text.h"
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <algorithm>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::int64_t kPlenty = 1'000'000'000'000'000;  // More than anybody has.
constexpr char kInPart[] = "in part";

std::string PartText(std::int64_t points, std::int64_t asked) {
  return asked == kPlenty && points > 0 && points < kPlenty ? kInPart
                                                            : absl::StrCat(points, " of ", asked);
}

void PartOfAPurchase(FakeTill& till, Findings& findings) {
  auto request = till.Purchase(kPlenty);
  request.set_accept_partial(true);
  const auto part = till.Send(request);
  const v1::Purchase& purchase = part.response.purchase();
  findings.Expect("more than the card has", kInPart,
                  PartText(purchase.points(), purchase.asked_points()));
  findings.Expect("the same again", kSameAnswer, CompareText(part, till.Send(request)));
  findings.Expect("nothing is left", "INSUFFICIENT_POINTS", TextOf(till.Send(till.Purchase(1))));
  findings.Expect(
      "it is given back",
      absl::StrCat("REVERSED ", purchase.points(), ", ", purchase.points(), " given back"),
      TextOf(till.Send(till.Reverse(request.request_id()))));
  auto exact = till.Purchase(purchase.points());
  exact.set_accept_partial(true);
  const auto whole = till.Send(exact);
  findings.Expect("all of it, and no more", absl::StrCat("CAPTURED ", purchase.points()),
                  TextOf(whole));
  findings.Expect("is no part", "0", absl::StrCat(whole.response.purchase().asked_points()));
}

void PartOfAnAuthorization(FakeTill& till, Findings& findings) {
  auto request = till.Authorize(kPlenty);
  findings.Expect("unless it says so", "INSUFFICIENT_POINTS", TextOf(till.Send(request)));
  request = till.Authorize(kPlenty);
  request.set_accept_partial(true);
  const auto part = till.Send(request);
  const v1::Authorization& held = part.response.authorization();
  findings.Expect("more than the card has", kInPart, PartText(held.points(), held.asked_points()));
  findings.Expect("more than was held", "CAPTURE_ABOVE_AUTHORIZATION",
                  TextOf(till.Send(till.Capture(held.retrieval_reference(), held.points() + 1))));
  findings.Expect("one point of it", absl::StrCat("CAPTURED 1, ", held.points() - 1, " released"),
                  TextOf(till.Send(till.Capture(held.retrieval_reference(), 1))));
}

void BillNobodyPays(FakeTill& till, Findings& findings) {
  const std::string open = absl::StrCat("bill OPEN ", till.points());
  const auto request = till.Bill(till.points());
  const auto bill = till.Send(request);
  findings.Expect("presented", open, TextOf(bill));
  findings.Expect("the same again", kSameAnswer, CompareText(bill, till.Send(request)));
  findings.Expect("how it stands", open, till.StatusText(request.request_id()));
  findings.Expect("a capture of it", "NOT_FOUND",
                  TextOf(till.Send(till.Capture(bill.response.bill().retrieval_reference(), 1))));
  findings.Expect("the customer walks away", absl::StrCat("bill CANCELLED ", till.points()),
                  TextOf(till.Send(till.Reverse(request.request_id()))));
  findings.Expect("how it stands then", absl::StrCat("bill CANCELLED ", till.points()),
                  till.StatusText(request.request_id()));
  const auto late = till.Bill(till.points());
  findings.Expect("reversed before it came", "kept out",
                  TextOf(till.Send(till.Reverse(late.request_id()))));
  findings.Expect("it comes late", "REVERSED_BEFORE_ARRIVAL", TextOf(till.Send(late)));
}

// "PURCHASE 2 × 11, REFUND 1 × 1".
std::string TotalsText(const google::protobuf::RepeatedPtrField<v1::KindTotal>& totals) {
  std::vector<std::string> texts;
  for (const v1::KindTotal& total : totals) {
    texts.push_back(
        absl::StrCat(EnumText(total.kind()), " ", total.count(), " × ", total.points()));
  }
  std::sort(texts.begin(), texts.end());
  return absl::StrJoin(texts, ", ");
}

std::string ClosedText(const Heard<v1::CloseBatchResponse>& heard) {
  if (!heard.status.ok()) return RefusalText(heard.status);
  return absl::StrCat(heard.response.closed() ? "closed" : "open", ", ",
                      heard.response.agreed() ? "agreed" : "differs");
}

void EndOfDay(FakeTill& till, Findings& findings) {
  till.NextBatch();
  const auto large = till.Send(till.Purchase(till.points()));
  till.Send(till.Purchase(1));
  till.Send(till.Refund(large.response.purchase().retrieval_reference(), 1));
  const auto totals = till.Send(till.Totals());
  findings.Expect("two purchases and a refund",
                  absl::StrCat("PURCHASE 2 × ", till.points() + 1, ", REFUND 1 × 1"),
                  TotalsText(totals.response.totals()));
  auto wrong = till.Closing();
  findings.Expect("a till that counted nothing", "open, differs", ClosedText(till.Send(wrong)));
  v1::BatchCall& invented = *wrong.add_calls();
  invented.set_trace_number(999'999);
  invented.set_kind(v1::BATCH_KIND_PURCHASE);
  invented.set_points(7);
  const auto named = till.Send(wrong);
  findings.Expect("what the till lacks", "3",
                  absl::StrCat(named.response.difference().missing_at_till_size()));
  findings.Expect("what the server lacks", "1",
                  absl::StrCat(named.response.difference().missing_here_size()));
  auto right = till.Closing();
  *right.mutable_totals() = totals.response.totals();
  const auto closed = till.Send(right);
  findings.Expect("a till that counted right", "closed, agreed", ClosedText(closed));
  findings.Expect(
      "the same again", kSameAnswer,
      closed.response.SerializeAsString() == till.Send(right).response.SerializeAsString()
          ? kSameAnswer
          : "another answer");
  findings.Expect("a purchase in the closed batch", "BATCH_CLOSED",
                  TextOf(till.Send(till.Purchase(1))));
  till.NextBatch();
  findings.Expect("a purchase in the next", "CAPTURED 1", TextOf(till.Send(till.Purchase(1))));
}

}  // namespace

void AddDayCases(std::vector<PosCheckCase>* cases) {
  cases->push_back({"part-purchase", "fewer points than asked for will do", PartOfAPurchase});
  cases->push_back({"part-authorize", "the same of an authorisation", PartOfAnAuthorization});
  cases->push_back({"bill", "a bill that nobody pays", BillNobodyPays});
  cases->push_back({"batch", "totals, differences, and a batch that is closed", EndOfDay});
}

}  // namespace puhui::services
