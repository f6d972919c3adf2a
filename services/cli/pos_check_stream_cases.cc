// SPDX-License-Identifier: Apache-2.0
// Purchases over a stream, and what becomes of them when it breaks: what was not answered is sent
// again, over another.
#include "services/cli/fake_till.h"
#include "services/cli/pos_check_case.h"

#include "absl/strings/str_cat.h"

#include <cstddef>
#include <cstdint>
#include <set>

namespace puhui::services {
namespace {

constexpr std::size_t kMessages = 48;
// On the wire, with what TLS adds: some of the messages, and never all.
constexpr std::uint64_t kSomeBytes = 3'000;

std::vector<v1::PurchaseRequest> Purchases(FakeTill& till) {
  std::vector<v1::PurchaseRequest> requests;
  for (std::size_t i = 0; i < kMessages; ++i) requests.push_back(till.Purchase(1));
  return requests;
}

std::string All(const std::string& what) { return absl::StrCat(kMessages, " × ", what); }

// How many of the requests were answered as expected, each under its own id.
std::string CountAnswers(const std::vector<v1::PurchaseRequest>& requests,
                         const FakeTill::StreamHeard& heard, const std::string& expected) {
  std::size_t count = 0;
  for (const v1::PurchaseRequest& request : requests) {
    const auto found = heard.find(request.request_id());
    if (found != heard.end() && TextOf(found->second) == expected) ++count;
  }
  return absl::StrCat(count, " × ", expected);
}

// No purchase twice, and none under two ids.
std::string CountPurchases(const FakeTill::StreamHeard& heard) {
  std::set<std::string> references;
  for (const auto& [id, answer] : heard) {
    references.insert(answer.response.purchase().retrieval_reference());
  }
  return absl::StrCat(references.size(), " × a purchase");
}

std::string CompareAll(const FakeTill::StreamHeard& first, const FakeTill::StreamHeard& again) {
  std::size_t same = 0;
  for (const auto& [id, answer] : first) {
    const auto found = again.find(id);
    if (found != again.end() && CompareText(answer, found->second) == kSameAnswer) ++same;
  }
  return absl::StrCat(same, " × ", kSameAnswer);
}

void Stream(FakeTill& till, Findings& findings) {
  const auto requests = Purchases(till);
  auto heard = till.SendStream(requests);
  findings.Expect("each is answered", All("CAPTURED 1"),
                  CountAnswers(requests, heard, "CAPTURED 1"));
  findings.Expect("each for itself", All("a purchase"), CountPurchases(heard));
  findings.Expect("all again", All(kSameAnswer), CompareAll(heard, till.SendStream(requests)));
  const v1::PurchaseRequest& one = requests.front();
  findings.Expect("one of them by itself", kSameAnswer,
                  CompareText(heard[one.request_id()], till.Send(one)));
  auto foreign = till.Purchase(1);
  foreign.mutable_till()->set_terminal("merchants/nobody-of-pos-check/terminals/t-1");
  const auto good = till.Purchase(1);
  const std::vector<v1::PurchaseRequest> mixed = {foreign, good};
  const auto apart = till.SendStream(mixed);
  findings.Expect("a message that is refused", "1 × NOT_FOUND",
                  CountAnswers({foreign}, apart, "NOT_FOUND"));
  findings.Expect("does not end the stream", "1 × CAPTURED 1",
                  CountAnswers({good}, apart, "CAPTURED 1"));
}

void Reconnect(FakeTill& till, Findings& findings, BadLine::Way way) {
  const auto requests = Purchases(till);
  auto heard = till.SendStreamCut(requests, way, kSomeBytes);
  findings.Expect("the line breaks before all is answered", "it does",
                  heard.size() < requests.size() ? "it does" : "everything was answered");
  std::vector<v1::PurchaseRequest> unanswered;
  for (const v1::PurchaseRequest& request : requests) {
    if (heard.count(request.request_id()) == 0) unanswered.push_back(request);
  }
  heard.merge(till.SendStream(unanswered));
  findings.Expect("what was not is sent again", All("CAPTURED 1"),
                  CountAnswers(requests, heard, "CAPTURED 1"));
  findings.Expect("and nothing was bought twice", All("a purchase"), CountPurchases(heard));
  findings.Expect("all once more", All(kSameAnswer), CompareAll(heard, till.SendStream(requests)));
}

void RequestsCut(FakeTill& till, Findings& findings) {
  Reconnect(till, findings, BadLine::Way::kToServer);
}

void AnswersCut(FakeTill& till, Findings& findings) {
  Reconnect(till, findings, BadLine::Way::kToTill);
}

}  // namespace

void AddStreamCases(std::vector<PosCheckCase>* cases) {
  cases->push_back({"stream", "purchases over one stream, answered in any order", Stream});
  cases->push_back({"stream-cut-requests", "the stream breaks while the till speaks", RequestsCut});
  cases->push_back({"stream-cut-answers", "the stream breaks while the server does", AnswersCut});
}

}  // namespace puhui::services
