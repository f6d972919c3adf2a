// SPDX-License-Identifier: Apache-2.0
// One request id of a caller has one outcome until it is forgotten: both verifiers name the first
// record that gives another, of lies that are framed and signed as if they were none.
#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "tests/unit/audit/bundle/both_verifiers.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit::requests_verdicts_test {
namespace {

namespace jv1 = journal::v1;

constexpr std::int64_t kKept = std::int64_t{35} * 86'400 * 1'000'000;

// The town, with an id of its own on each request.
class RequestsVerdictsTest : public BothVerifiersTest {
 protected:
  RequestsVerdictsTest() : records_(TownRecords()) {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      records_[i].mutable_request()->set_request_id(IdOf(i + 1));
    }
  }
  void Expect(const std::string& verdict, Sequence first = 1) { Put(records_, first, verdict); }

  static std::string IdOf(Sequence sequence) {
    std::string id(16, 'r');
    id.back() = static_cast<char>(sequence);
    return id;
  }
  // A record behind all others that moves nothing, at that time after record `of`.
  jv1::Record& Add(Sequence of, std::int64_t after) {
    const std::int64_t time = records_[of - 1].time_micros() + after;
    PUHUI_CHECK(time > records_.back().time_micros());
    jv1::Record& record = records_.emplace_back();
    record.set_sequence(records_.size());
    record.set_time_micros(time);
    return record;
  }
  // Answers the request of record `of` once more.
  void AnswerAgain(Sequence of) {
    const jv1::Request request = records_[of - 1].request();
    jv1::Record& record = Add(records_.size(), 1);
    *record.mutable_request() = request;
    record.mutable_member_revealed();
  }
  // A record that forgets the request of record `of`, so long after it.
  void Forget(Sequence of, std::int64_t after) {
    const jv1::Request request = records_[of - 1].request();
    const ledger::Hash key =
        ledger::Sha256().Digest(request.caller(), absl::string_view("\0", 1), request.request_id());
    jv1::RequestsForgotten& gone = *Add(of, after).mutable_requests_forgotten();
    gone.set_next_sequence(of + 1);
    gone.set_requests(std::string(ledger::AsBytes(key).substr(0, 16)));
  }
  std::string Last() const { return absl::StrCat("record ", records_.size()); }

  std::vector<jv1::Record> records_;
};

TEST_F(RequestsVerdictsTest, NamesTheSecondOutcomeOfARequest) {
  Expect("fits");
  AnswerAgain(3);
  Expect(Last());
  Expect(Last(), 3);
  Expect("fits", 4);  // What was answered before the range is not known.
  records_.back().mutable_request()->set_caller("/finance");
  Expect("fits");  // Another caller's ids are its own.
}

TEST_F(RequestsVerdictsTest, TakesARequestAgainOnceItIsForgotten) {
  Forget(3, kKept);
  Expect("fits");
  AnswerAgain(3);
  Expect("fits");
  AnswerAgain(3);
  Expect(Last());
}

TEST_F(RequestsVerdictsTest, ForgetsNoOtherRequest) {
  Forget(3, kKept);
  AnswerAgain(4);
  Expect(Last());
}

TEST_F(RequestsVerdictsTest, NamesTheRecordThatForgetsTooEarly) {
  Forget(3, kKept - 1);
  Expect(Last());
  Expect("fits", 4);
}

TEST_F(RequestsVerdictsTest, NamesTheRecordWhoseKeysAreNone) {
  Forget(3, kKept);
  records_.back().mutable_requests_forgotten()->mutable_requests()->push_back('x');
  Expect(Last());
}

}  // namespace
}  // namespace puhui::audit::requests_verdicts_test
