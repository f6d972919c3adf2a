// SPDX-License-Identifier: Apache-2.0
// Lines that lose a request or an answer, at every step of a sale, and lines that break at any
// byte.
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using Loss = FakeTill::Loss;
using End = FakeTill::End;

// How a step ends that has a bad line, and what it is about.
struct Line {
  Loss loss;
  End end;
};

// Loses it, asks what became of it, and sends it again as a till should.
template <class Request>
void LoseAndRepeat(FakeTill& till, Line line, const Request& request, const std::string& carried,
                   Findings& findings) {
  const auto lost = till.SendLost(request, line.loss, line.end);
  findings.Expect("the till hears", kNoAnswer, TextOf(lost));
  const bool arrived = till.StatusOf(request.request_id()).status.ok();
  findings.Expect("it has", line.loss == Loss::kAnswer ? "arrived" : "not arrived",
                  arrived ? "arrived" : "not arrived");
  const auto again = till.Send(request);
  findings.Expect("sent again", carried, TextOf(again));
  findings.Expect("and once more", kSameAnswer, CompareText(again, till.Send(request)));
}

void LosePurchase(FakeTill& till, Line line, Findings& findings) {
  const auto request = till.Purchase(till.points());
  const std::string carried = absl::StrCat("CAPTURED ", till.points());
  LoseAndRepeat(till, line, request, carried, findings);
  findings.Expect("what it is now", carried, till.StatusText(request.request_id()));
}

void LoseAuthorize(FakeTill& till, Line line, Findings& findings) {
  const auto request = till.Authorize(till.points());
  const std::string carried = absl::StrCat("HELD ", till.points());
  LoseAndRepeat(till, line, request, carried, findings);
  findings.Expect("what it is now", carried, till.StatusText(request.request_id()));
}

void LoseCapture(FakeTill& till, Line line, Findings& findings) {
  const auto authorize = till.Authorize(till.points());
  const auto held = till.Send(authorize);
  const std::int64_t part = till.points() - 1;
  LoseAndRepeat(till, line, till.Capture(held.response.authorization().retrieval_reference(), part),
                absl::StrCat("CAPTURED ", part, ", 1 released"), findings);
  findings.Expect("what it is now", absl::StrCat("CAPTURED ", part),
                  till.StatusText(authorize.request_id()));
}

void LoseVoid(FakeTill& till, Line line, Findings& findings) {
  const auto authorize = till.Authorize(till.points());
  const auto held = till.Send(authorize);
  const std::string carried = absl::StrCat("VOIDED ", till.points());
  LoseAndRepeat(till, line, till.Void(held.response.authorization().retrieval_reference()), carried,
                findings);
  findings.Expect("what it is now", carried, till.StatusText(authorize.request_id()));
}

void LoseRefund(FakeTill& till, Line line, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  const auto paid = till.Send(purchase);
  LoseAndRepeat(till, line, till.Refund(paid.response.purchase().retrieval_reference(), 1),
                "refund of 1, 1 in all", findings);
  findings.Expect("what it is now",
                  absl::StrCat("PARTLY_REFUNDED ", till.points(), ", 1 given back"),
                  till.StatusText(purchase.request_id()));
}

void LoseReverse(FakeTill& till, Line line, Findings& findings) {
  const auto purchase = till.Purchase(till.points());
  till.Send(purchase);
  const std::string carried = ReversedText(till.points());
  LoseAndRepeat(till, line, till.Reverse(purchase.request_id()), carried, findings);
  findings.Expect("what it is now", carried, till.StatusText(purchase.request_id()));
}

// The other way out of not knowing. `undone` is what a reversal leaves of what had arrived.
template <class Request>
void LoseAndReverse(FakeTill& till, Line line, const Request& request, const std::string& undone,
                    Findings& findings) {
  findings.Expect("the till hears", kNoAnswer, TextOf(till.SendLost(request, line.loss, line.end)));
  const bool arrived = line.loss == Loss::kAnswer;
  findings.Expect("reversed", arrived ? undone : "kept out",
                  TextOf(till.Send(till.ReverseByKeys(request.till()))));
  const auto again = till.Send(request);
  findings.Expect("sent again", arrived ? "its first answer" : "REVERSED_BEFORE_ARRIVAL",
                  again.status.ok() ? "its first answer" : TextOf(again));
  findings.Expect("what it is now", arrived ? undone : "declined: REVERSED_BEFORE_ARRIVAL",
                  till.StatusText(request.request_id()));
}

void LoseAndReversePurchase(FakeTill& till, Line line, Findings& findings) {
  LoseAndReverse(till, line, till.Purchase(till.points()), ReversedText(till.points()), findings);
}

void LoseAndReverseAuthorize(FakeTill& till, Line line, Findings& findings) {
  LoseAndReverse(till, line, till.Authorize(till.points()), absl::StrCat("VOIDED ", till.points()),
                 findings);
}

void LoseAndReverseCapture(FakeTill& till, Line line, Findings& findings) {
  const auto held = till.Send(till.Authorize(till.points()));
  const std::string reference = held.response.authorization().retrieval_reference();
  LoseAndReverse(till, line, till.Capture(reference, till.points()), ReversedText(till.points()),
                 findings);
}

// Purchases over lines that break after ever more bytes; each is sent again.
void CutAnywhere(FakeTill& till, BadLine::Way way, Findings& findings) {
  constexpr std::uint64_t kBytesMax = 600;
  constexpr std::uint64_t kStep = 40;
  std::size_t lines = 0;
  std::size_t once = 0;
  std::size_t unanswered = 0;
  const std::string carried = absl::StrCat("CAPTURED ", till.points());
  for (std::uint64_t bytes = 0; bytes <= kBytesMax; bytes += kStep) {
    ++lines;
    const auto request = till.Purchase(till.points());
    const auto cut = till.SendCut(request, way, bytes);
    if (TextOf(cut) == kNoAnswer) ++unanswered;
    const auto again = till.Send(request);
    const bool same = TextOf(cut) == kNoAnswer || CompareText(cut, again) == kSameAnswer;
    if (same && TextOf(again) == carried && CompareText(again, till.Send(request)) == kSameAnswer) {
      ++once;
    }
    till.Send(till.Reverse(request.request_id()));
  }
  findings.Expect("lines that broke before an answer", "some", unanswered > 0 ? "some" : "none");
  findings.Expect("purchases carried out once", absl::StrCat(lines, " of ", lines),
                  absl::StrCat(once, " of ", lines));
}

using Lose = void (*)(FakeTill&, Line, Findings&);
struct Step {
  const char* name;
  Lose lose;
};
constexpr Step kSteps[] = {{"purchase", LosePurchase},
                           {"authorize", LoseAuthorize},
                           {"capture", LoseCapture},
                           {"void", LoseVoid},
                           {"refund", LoseRefund},
                           {"reverse", LoseReverse},
                           {"then-reverse", LoseAndReversePurchase},
                           {"authorize-then-reverse", LoseAndReverseAuthorize},
                           {"capture-then-reverse", LoseAndReverseCapture}};

struct Fault {
  const char* name;
  const char* about;
  Line line;
};
constexpr Fault kFaults[] = {
    {"timeout-before",
     "the request is lost and the till gives up: ",
     {Loss::kRequest, End::kGiveUp}},
    {"timeout-after", "the answer is lost and the till gives up: ", {Loss::kAnswer, End::kGiveUp}},
    {"reset-before",
     "the line breaks before the request is through: ",
     {Loss::kRequest, End::kReset}},
    {"reset-after", "the line breaks before the answer is through: ", {Loss::kAnswer, End::kReset}},
};

}  // namespace

void AddLostLineCases(std::vector<PosCheckCase>* cases) {
  for (const Fault& fault : kFaults) {
    for (const Step& step : kSteps) {
      cases->push_back({absl::StrCat(fault.name, "-", step.name),
                        absl::StrCat(fault.about, step.name),
                        [lose = step.lose, line = fault.line](FakeTill& till, Findings& findings) {
                          lose(till, line, findings);
                        }});
    }
  }
  cases->push_back({"cut-request", "lines that break at any byte of a request",
                    [](FakeTill& till, Findings& findings) {
                      CutAnywhere(till, BadLine::Way::kToServer, findings);
                    }});
  cases->push_back({"cut-answer", "lines that break at any byte of an answer",
                    [](FakeTill& till, Findings& findings) {
                      CutAnywhere(till, BadLine::Way::kToTill, findings);
                    }});
}

}  // namespace puhui::services
