// SPDX-License-Identifier: Apache-2.0
// Calls that come in an order, at a time or with a number that no till should, and some do.
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <algorithm>
#include <cstdlib>

namespace puhui::services {
namespace {

constexpr char kNobodys[] = "999999999999";
constexpr std::int64_t kLeastOnCard = 50;  // What the longest stream takes.

std::string Captured(std::int64_t points) { return absl::StrCat("CAPTURED ", points); }
std::string Held(std::int64_t points) { return absl::StrCat("HELD ", points); }

void CardPays(FakeTill& till, Findings& findings) {
  const std::int64_t plenty = std::max(10 * till.points(), kLeastOnCard);
  const auto held = till.Send(till.Authorize(plenty));
  findings.Expect("points enough for every case are reserved", Held(plenty), TextOf(held));
  findings.Expect(
      "and given up", absl::StrCat("VOIDED ", plenty),
      TextOf(till.Send(till.Void(held.response.authorization().retrieval_reference()))));
}

void WholeLife(FakeTill& till, Findings& findings) {
  const std::int64_t points = till.points();
  const auto authorize = till.Authorize(points);
  const auto held = till.Send(authorize);
  findings.Expect("authorise", Held(points), TextOf(held));
  const std::string& reference = held.response.authorization().retrieval_reference();
  findings.Expect("capture part", absl::StrCat(Captured(points - 1), ", 1 released"),
                  TextOf(till.Send(till.Capture(reference, points - 1))));
  findings.Expect("refund part", "refund of 1, 1 in all",
                  TextOf(till.Send(till.Refund(reference, 1))));
  findings.Expect("what it is now", absl::StrCat("PARTLY_REFUNDED ", points - 1, ", 1 given back"),
                  till.StatusText(authorize.request_id()));
}

void CapturesOutOfOrder(FakeTill& till, Findings& findings) {
  const std::int64_t points = till.points();
  findings.Expect("capture of what was never authorised", "NOT_FOUND",
                  TextOf(till.Send(till.Capture(kNobodys, points))));
  const auto first = till.Send(till.Authorize(points));
  const auto second = till.Send(till.Authorize(points));
  const std::string one = first.response.authorization().retrieval_reference();
  const std::string two = second.response.authorization().retrieval_reference();
  findings.Expect("refund before the capture", "NOT_FOUND", TextOf(till.Send(till.Refund(one, 1))));
  findings.Expect("the second is captured first", absl::StrCat(Captured(points), ", 0 released"),
                  TextOf(till.Send(till.Capture(two, points))));
  findings.Expect("more than authorised", "CAPTURE_ABOVE_AUTHORIZATION",
                  TextOf(till.Send(till.Capture(one, points + 1))));
  findings.Expect("then the first", absl::StrCat(Captured(points), ", 0 released"),
                  TextOf(till.Send(till.Capture(one, points))));
  findings.Expect("the first again", "AUTHORIZATION_CAPTURED",
                  TextOf(till.Send(till.Capture(one, 1))));
  findings.Expect("void after the capture", "AUTHORIZATION_CAPTURED",
                  TextOf(till.Send(till.Void(one))));
  const auto third = till.Send(till.Authorize(points));
  const std::string three = third.response.authorization().retrieval_reference();
  findings.Expect("another is voided", absl::StrCat("VOIDED ", points),
                  TextOf(till.Send(till.Void(three))));
  findings.Expect("capture after the void", "AUTHORIZATION_VOIDED",
                  TextOf(till.Send(till.Capture(three, 1))));
}

void SkewedClock(FakeTill& till, Findings& findings) {
  std::vector<std::int64_t> times;
  for (const int hours : {-1, 1}) {
    const std::string clock = hours < 0 ? "an hour slow" : "an hour fast";
    auto authorize = till.Authorize(till.points());
    auto& local = *authorize.mutable_till()->mutable_local_time();
    local.set_seconds(local.seconds() + hours * 3'600);
    const auto held = till.Send(authorize);
    findings.Expect(clock, Held(till.points()), TextOf(held));
    const v1::Authorization& authorization = held.response.authorization();
    times.push_back(authorization.authorize_time().seconds());
    const std::int64_t lasts = authorization.expire_time().seconds() - times.back();
    findings.Expect(absl::StrCat(clock, ": reserved for"), "an hour",
                    lasts == 3'600 || lasts == 3'601 ? "an hour" : absl::StrCat(lasts, " s"));
  }
  findings.Expect("whose clock counts", "the server's",
                  std::abs(times[1] - times[0]) < 1'800 ? "the server's" : "the till's");
}

void TraceWraps(FakeTill& till, Findings& findings) {
  const auto with = [&till](std::uint32_t batch, std::uint32_t trace) {
    auto request = till.Purchase(1);
    request.mutable_till()->set_batch_number(batch);
    request.mutable_till()->set_trace_number(trace);
    return TextOf(till.Send(request));
  };
  const std::uint32_t batch = till.NextBatch();
  findings.Expect("trace 999999", Captured(1), with(batch, 999'999));
  findings.Expect("then trace 1", Captured(1), with(batch, 1));
  findings.Expect("trace 999999 again", "TRACE_NUMBER_USED", with(batch, 999'999));
  const std::uint32_t next = till.NextBatch();
  findings.Expect("trace 999999 of the next batch", Captured(1), with(next, 999'999));
  findings.Expect("trace 0", "INVALID_FIELD", with(next, 0));
  findings.Expect("trace 1000000", "INVALID_FIELD", with(next, 1'000'000));
  till.NextBatch();  // What comes now has a batch without such numbers.
}

void BadWishes(FakeTill& till, Findings& findings) {
  auto unknown = till.Purchase(till.points());
  unknown.set_card_number("0000000000000000");
  findings.Expect("a card that nobody has", "CARD_NOT_FOUND", TextOf(till.Send(unknown)));
  auto greedy = till.Purchase(1'000'000'000'000'000);
  const auto declined = till.Send(greedy);
  findings.Expect("more than anybody has", "INSUFFICIENT_POINTS", TextOf(declined));
  findings.Expect("the same again", kSameAnswer, CompareText(declined, till.Send(greedy)));
  findings.Expect("what the server says of it", "declined: INSUFFICIENT_POINTS",
                  till.StatusText(greedy.request_id()));
  auto nothing = till.Purchase(0);
  findings.Expect("no points", "INVALID_FIELD", TextOf(till.Send(nothing)));
  auto negative = till.Purchase(-1);
  findings.Expect("less than no points", "INVALID_FIELD", TextOf(till.Send(negative)));
  auto foreign = till.Purchase(till.points());
  foreign.mutable_till()->set_terminal("merchants/nobody-of-pos-check/terminals/t-1");
  findings.Expect("at somebody else's terminal", "NOT_FOUND", TextOf(till.Send(foreign)));
  findings.Expect("refund of a purchase that is not ours", "NOT_FOUND",
                  TextOf(till.Send(till.Refund(kNobodys, 1))));
}

}  // namespace

void AddOrderCases(std::vector<PosCheckCase>* cases) {
  cases->push_back({"card", "the test card has points enough", CardPays});
  cases->push_back({"life", "authorise, capture, refund", WholeLife});
  cases->push_back(
      {"capture-order", "captures, voids and refunds out of order", CapturesOutOfOrder});
  cases->push_back({"clock-skew", "a till whose clock is an hour off", SkewedClock});
  cases->push_back({"trace-wrap", "trace numbers wrap at 999999", TraceWraps});
  cases->push_back({"bad-wishes", "what has to be declined is, and stays so", BadWishes});
}

}  // namespace puhui::services
