// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/till.h"

#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kPointsMax = 60;
constexpr std::int64_t kMoreThanAnybodyHas = 1'000'000'000;
constexpr char kNobodysCard[] = "6212345678901232";  // The check digit holds.
constexpr std::size_t kRecent = 40;                  // Purchases that are still talked about.
constexpr std::uint32_t kBatch = 1;

// What can be undone.
struct Undoable {
  const v1::Till* operator()(const v1::PurchaseRequest& asked) const { return &asked.till(); }
  const v1::Till* operator()(const v1::AuthorizeRequest& asked) const { return &asked.till(); }
  const v1::Till* operator()(const v1::CaptureRequest& asked) const { return &asked.till(); }
  const v1::Till* operator()(const v1::VoidRequest& /*asked*/) const { return nullptr; }
  const v1::Till* operator()(const v1::RefundRequest& /*asked*/) const { return nullptr; }
  const v1::Till* operator()(const v1::ReverseRequest& /*asked*/) const { return nullptr; }
};

const std::string& RequestIdOf(const TillRequest& request) {
  return absl::visit([](const auto& asked) -> const std::string& { return asked.request_id(); },
                     request);
}

// Of a purchase, an authorisation or a refund.
template <class Answer>
TillOutcome OutcomeOfAnswer(const Answer& answer) {
  return {.refused = "", .reference = answer.retrieval_reference(), .points = answer.points()};
}

template <class Response>
Response Parsed(const std::string& body) {
  Response response;
  EXPECT_TRUE(response.ParseFromString(body));
  return response;
}

// What the body of an answer says, by what was asked.
struct AnswerReader {
  const std::string& body;
  TillOutcome operator()(const v1::PurchaseRequest& /*asked*/) const {
    return OutcomeOfAnswer(Parsed<v1::PurchaseResponse>(body).purchase());
  }
  TillOutcome operator()(const v1::AuthorizeRequest& /*asked*/) const {
    return OutcomeOfAnswer(Parsed<v1::AuthorizeResponse>(body).authorization());
  }
  TillOutcome operator()(const v1::CaptureRequest& /*asked*/) const {
    return OutcomeOfAnswer(Parsed<v1::CaptureResponse>(body).purchase());
  }
  TillOutcome operator()(const v1::VoidRequest& /*asked*/) const {
    return OutcomeOfAnswer(Parsed<v1::VoidResponse>(body).authorization());
  }
  TillOutcome operator()(const v1::RefundRequest& /*asked*/) const {
    return OutcomeOfAnswer(Parsed<v1::RefundResponse>(body).refund());
  }
  TillOutcome operator()(const v1::ReverseRequest& /*asked*/) const {
    const auto response = Parsed<v1::ReverseResponse>(body);
    EXPECT_EQ(response.original_found(), response.has_purchase() || response.has_authorization());
    return response.has_authorization() ? OutcomeOfAnswer(response.authorization())
                                        : OutcomeOfAnswer(response.purchase());
  }
};

}  // namespace

void Till::Connect(const Deployment& deployment) {
  stub_ = v1::PosService::NewStub(deployment.Connect(identity_.certificate));
}

v1::Till Till::NextTill() {
  v1::Till till;
  till.set_terminal(identity_.name);
  till.set_batch_number(kBatch);
  till.set_trace_number(++trace_number_);
  till.mutable_local_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  return till;
}

v1::PurchaseRequest Till::NextPurchase() {
  v1::PurchaseRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = NextTill();
  request.set_card_number(model_.cards()[random_.Below(model_.cards().size())]);
  request.set_points(static_cast<std::int64_t>(1 + random_.Below(kPointsMax)));
  return request;
}

// One that is refused.
v1::PurchaseRequest Till::OddPurchase() {
  v1::PurchaseRequest request = NextPurchase();
  switch (random_.Below(3)) {
    case 0:
      request.set_points(kMoreThanAnybodyHas);
      break;
    case 1:
      request.set_card_number(kNobodysCard);
      break;
    default:
      if (trace_number_ > 1) request.mutable_till()->set_trace_number(--trace_number_);
      break;
  }
  return request;
}

std::string Till::Recent(const std::vector<std::string>& references) {
  const std::size_t recent = std::min(kRecent, references.size());
  return references[references.size() - 1 - random_.Below(recent)];
}

v1::AuthorizeRequest Till::NextAuthorize() {
  const v1::PurchaseRequest like = NextPurchase();
  v1::AuthorizeRequest request;
  request.set_request_id(like.request_id());
  *request.mutable_till() = like.till();
  request.set_card_number(like.card_number());
  request.set_points(like.points());
  return request;
}

// All of it, a part, or too much.
v1::CaptureRequest Till::NextCapture() {
  v1::CaptureRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = NextTill();
  request.set_authorization_reference(Recent(holds_));
  const std::int64_t held = model_.holds().at(request.authorization_reference()).points;
  request.set_points(
      1 + static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(held + 2))));
  return request;
}

v1::VoidRequest Till::NextVoid() {
  v1::VoidRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = NextTill();
  request.set_authorization_reference(Recent(holds_));
  return request;
}

v1::RefundRequest Till::NextRefund() {
  v1::RefundRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = NextTill();
  request.set_purchase_reference(Recent(references_));
  const auto bound = model_.purchases().at(request.purchase_reference()).points + 2;
  request.set_points(1 +
                     static_cast<std::int64_t>(random_.Below(static_cast<std::uint64_t>(bound))));
  return request;
}

// Of a call of this till, by one name or the other; sometimes under its own trace number.
v1::ReverseRequest Till::NextReverse() {
  v1::ReverseRequest request;
  request.set_request_id(NewRequestId(random_));
  std::vector<const TillRequest*> originals;
  for (std::size_t at = calls_.size(); at-- > 0 && originals.size() < kRecent;) {
    if (absl::visit(Undoable(), calls_[at].request) != nullptr) {
      originals.push_back(&calls_[at].request);
    }
  }
  const TillRequest& original = *originals[random_.Below(originals.size())];
  if (random_.Below(2) == 0) {
    *request.mutable_till() = NextTill();
    request.set_original_request_id(RequestIdOf(original));
    return request;
  }
  const v1::Till& till = *absl::visit(Undoable(), original);
  *request.mutable_till() = random_.Below(2) == 0 ? NextTill() : till;
  request.mutable_original_keys()->set_batch_number(kBatch);
  request.mutable_original_keys()->set_trace_number(till.trace_number());
  return request;
}

// Of a purchase that is sent later.
v1::ReverseRequest Till::ReverseAhead() {
  buried_ = NextPurchase();
  v1::ReverseRequest request;
  request.set_request_id(NewRequestId(random_));
  *request.mutable_till() = NextTill();
  if (random_.Below(2) == 0) {
    request.set_original_request_id(buried_->request_id());
  } else {
    request.mutable_original_keys()->set_batch_number(kBatch);
    request.mutable_original_keys()->set_trace_number(buried_->till().trace_number());
  }
  return request;
}

TillRequest Till::NextRequest() {
  const std::uint64_t dice = random_.Below(100);
  if (references_.empty() || dice < 42) return NextPurchase();
  if (dice < 48) return OddPurchase();
  if (holds_.empty() || dice < 61) return NextAuthorize();
  if (dice < 70) return NextCapture();
  if (dice < 74) return NextVoid();
  if (dice < 84) return NextRefund();
  if (dice < 94) return NextReverse();
  if (!buried_.has_value()) return ReverseAhead();
  return *std::exchange(buried_, absl::nullopt);
}

Told Till::Send(const TillRequest& request) {
  using Stub = v1::PosService::Stub;
  struct Sender {
    Stub& stub;
    Told operator()(const v1::PurchaseRequest& asked) { return Tell(stub, &Stub::Purchase, asked); }
    Told operator()(const v1::AuthorizeRequest& asked) {
      return Tell(stub, &Stub::Authorize, asked);
    }
    Told operator()(const v1::CaptureRequest& asked) { return Tell(stub, &Stub::Capture, asked); }
    Told operator()(const v1::VoidRequest& asked) { return Tell(stub, &Stub::Void, asked); }
    Told operator()(const v1::RefundRequest& asked) { return Tell(stub, &Stub::Refund, asked); }
    Told operator()(const v1::ReverseRequest& asked) { return Tell(stub, &Stub::Reverse, asked); }
  };
  return absl::visit(Sender{*stub_}, request);
}

TillOutcome Till::OutcomeOf(const TillRequest& request, const Told& told) const {
  if (told.code != grpc::StatusCode::OK) return {.refused = told.refused(), .reference = ""};
  return absl::visit(AnswerReader{told.body}, request);
}

void Till::Learn(Call& call, const TillOutcome& outcome) {
  EXPECT_EQ(model_.Learn(call.request, outcome), "") << RequestIdOf(call.request);
  call.outcome = outcome;
  if (!outcome.refused.empty()) return;
  if (absl::holds_alternative<v1::PurchaseRequest>(call.request) ||
      absl::holds_alternative<v1::CaptureRequest>(call.request)) {
    references_.push_back(outcome.reference);
  }
  if (absl::holds_alternative<v1::AuthorizeRequest>(call.request)) {
    holds_.push_back(outcome.reference);
  }
}

void Till::Play(Referee* referee) {
  while (!::testing::Test::HasFailure()) {
    if (calls_.size() > round_ && random_.Below(20) == 0) {
      const Call& before = calls_[round_ + random_.Below(calls_.size() - round_)];
      const Told again = Send(before.request);
      if (!again.IsAnswer()) return;
      EXPECT_EQ(again, *before.told) << RequestIdOf(before.request);
    } else {
      calls_.push_back({.request = NextRequest(), .told = {}, .outcome = {}});
      Call& call = calls_.back();
      const Told told = Send(call.request);
      if (!told.IsAnswer()) return;
      call.told = told;
      Learn(call, OutcomeOf(call.request, told));
    }
    referee->Answered();
  }
}

// What the server says became of a call; nothing when it knows of none.
absl::optional<TillOutcome> Till::Recorded(const TillRequest& request) {
  v1::GetTransactionRequest ask;
  ask.set_terminal(identity_.name);
  ask.set_request_id(RequestIdOf(request));
  const auto response = Ask(*stub_, &v1::PosService::Stub::GetTransaction, ask);
  if (absl::IsNotFound(response.status())) return absl::nullopt;
  EXPECT_OK(response);
  if (!response.ok()) return absl::nullopt;
  TillOutcome outcome;
  switch (response->outcome_case()) {
    case v1::GetTransactionResponse::kPurchase:
      outcome.reference = response->purchase().retrieval_reference();
      outcome.points = response->purchase().points();
      // It has become one: what was reserved does not show any more.
      if (const auto* asked = absl::get_if<v1::AuthorizeRequest>(&request)) {
        outcome.points = asked->points();
      }
      return outcome;
    case v1::GetTransactionResponse::kAuthorization:
      outcome.reference = response->authorization().retrieval_reference();
      outcome.points = response->authorization().points();
      return outcome;
    case v1::GetTransactionResponse::kRefund:
      outcome.reference = response->refund().retrieval_reference();
      outcome.points = response->refund().points();
      return outcome;
    case v1::GetTransactionResponse::kDecline:
      outcome.refused = response->decline().reason();
      return outcome;
    case v1::GetTransactionResponse::kTombstone:
      // Of what takes or holds points it says that a reversal came first, not that the call came.
      if (absl::visit(Undoable(), request) != nullptr) return absl::nullopt;
      return outcome;
    case v1::GetTransactionResponse::kRedemption:  // This till redeems nothing.
    case v1::GetTransactionResponse::OUTCOME_NOT_SET:
      break;
  }
  ADD_FAILURE() << "a transaction without an outcome: " << RequestIdOf(request);
  return absl::nullopt;
}

void Till::ExpectKept() {
  std::set<std::string> touched;
  for (std::size_t at = round_; at < calls_.size(); ++at) {
    Call& call = calls_[at];
    SCOPED_TRACE(absl::StrCat(identity_.name, " call ", RequestIdOf(call.request)));
    const absl::optional<TillOutcome> recorded = Recorded(call.request);
    if (call.told.has_value()) {
      EXPECT_TRUE(recorded.has_value() && *recorded == *call.outcome);
    } else {
      ++unanswered_;
      if (recorded.has_value()) {
        ++unanswered_but_there_;
        Learn(call, *recorded);
      }
    }
    const auto* refund = absl::get_if<v1::RefundRequest>(&call.request);
    if (refund != nullptr) {
      touched.insert(refund->purchase_reference());
    } else if (call.outcome.has_value() && !call.outcome->reference.empty()) {
      touched.insert(call.outcome->reference);
    }
  }
  for (const std::string& reference : touched) ExpectStands(reference);
}

// It is as everything that was done about it left it.
void Till::ExpectStands(const std::string& reference) {
  v1::GetTransactionRequest ask;
  ask.set_terminal(identity_.name);
  ask.set_retrieval_reference(reference);
  ASSERT_OK_AND_ASSIGN(const auto response,
                       Ask(*stub_, &v1::PosService::Stub::GetTransaction, ask));
  if (!model_.purchases().contains(reference)) {
    const TillModel::Hold& hold = model_.holds().at(reference);
    EXPECT_EQ(response.authorization().points(), hold.points) << reference;
    EXPECT_EQ(response.authorization().state(), hold.state) << reference;
    return;
  }
  const TillModel::Purchase& model = model_.purchases().at(reference);
  EXPECT_EQ(response.purchase().points(), model.points) << reference;
  EXPECT_EQ(response.purchase().refunded_points(), model.given_back) << reference;
  EXPECT_EQ(response.purchase().fee_points(), model_.FeeOf(model)) << reference;
  EXPECT_EQ(response.purchase().state(), model.state()) << reference;
}

void Till::ExpectSameAnswer(Call& call) {
  SCOPED_TRACE(absl::StrCat(identity_.name, " call ", RequestIdOf(call.request)));
  const Told again = Send(call.request);
  ASSERT_TRUE(again.IsAnswer());
  if (call.told.has_value()) {
    EXPECT_EQ(again, *call.told);
    return;
  }
  call.told = again;
  const TillOutcome outcome = OutcomeOf(call.request, again);
  if (call.outcome.has_value()) {
    EXPECT_TRUE(outcome == *call.outcome);
  } else {
    Learn(call, outcome);
  }
  EXPECT_EQ(Send(call.request), *call.told);
}

void Till::ExpectSameAnswers() {
  for (std::size_t at = round_; at < calls_.size(); ++at) ExpectSameAnswer(calls_[at]);
}

void Till::ExpectSameAnswersToAll() {
  for (Call& call : calls_) ExpectSameAnswer(call);
}

}  // namespace puhui::testing
