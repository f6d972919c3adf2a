// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_TILL_H_
#define PUHUI_TESTS_CRASH_TILL_H_

#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/crash/referee.h"
#include "tests/crash/till_model.h"
#include "tests/crash/told.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/deployment.h"

#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::testing {

// A cash desk of its own, with what it asked for and what it was told since the beginning.
// Threads: one at a time.
class Till {
 public:
  struct Identity {
    std::string name;  // merchants/{merchant}/terminals/{terminal}
    TestIdentity certificate;
  };
  Till(Identity identity, TillModel model, std::uint64_t seed)
      : identity_(std::move(identity)), random_(seed), model_(std::move(model)) {}

  TillModel& model() { return model_; }
  // After each start of the server.
  void Connect(const Deployment& deployment);
  void Disconnect() { stub_ = nullptr; }

  // Calls one after the other, at random, until nobody answers.
  void Play(Referee* referee);

  // After the restart: what was told is there and says the same; what was not is there or not.
  void ExpectKept();
  // Then: every call of the round, made again, is told the same as before, and the call that nobody
  // answered is told one thing.
  void ExpectSameAnswers();
  void EndRound() { round_ = calls_.size(); }
  // Every call since the beginning.
  void ExpectSameAnswersToAll();

  // Of the calls that nobody answered.
  std::size_t unanswered() const { return unanswered_; }
  std::size_t unanswered_but_there() const { return unanswered_but_there_; }

 private:
  struct Call {
    TillRequest request;
    absl::optional<Told> told;
    absl::optional<TillOutcome> outcome;
  };

  TillRequest NextRequest();
  v1::PurchaseRequest NextPurchase();
  v1::PurchaseRequest OddPurchase();
  v1::AuthorizeRequest NextAuthorize();
  v1::CaptureRequest NextCapture();
  v1::VoidRequest NextVoid();
  v1::RefundRequest NextRefund();
  v1::ReverseRequest NextReverse();
  v1::ReverseRequest ReverseAhead();
  v1::Till NextTill();
  std::string Recent(const std::vector<std::string>& references);

  Told Send(const TillRequest& request);
  TillOutcome OutcomeOf(const TillRequest& request, const Told& told) const;
  void Learn(Call& call, const TillOutcome& outcome);
  absl::optional<TillOutcome> Recorded(const TillRequest& request);
  void ExpectStands(const std::string& reference);
  void ExpectSameAnswer(Call& call);

  const Identity identity_;
  SeededRandom random_;
  TillModel model_;
  std::unique_ptr<v1::PosService::Stub> stub_;
  std::vector<Call> calls_;
  std::size_t round_ = 0;                // Where the calls of this round begin.
  std::vector<std::string> references_;  // Of purchases.
  std::vector<std::string> holds_;       // References of authorisations.
  std::uint32_t trace_number_ = 0;
  absl::optional<v1::PurchaseRequest> buried_;  // Reversed before it is sent.
  std::size_t unanswered_ = 0;
  std::size_t unanswered_but_there_ = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_TILL_H_
