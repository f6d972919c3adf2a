// SPDX-License-Identifier: Apache-2.0
// `witness` against the service: what it signs, what it hands in, and when it shouts.
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/prover.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/support/stored_log.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::services::witness_service_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

ledger::SigningKey KeyOf(char seed) { return ledger::SigningKey::FromSeed(std::string(32, seed)); }

// A ledger as its service shows it to witnesses. Threads: as Script.
class FakeLedger final : public v1::AuditService::Service {
 public:
  enum class Path { kTrue, kBent, kCut };

  const ledger::StoredLog* log = nullptr;
  char signer = 'l';
  bool waits_for_witnesses = true;
  std::string key_chain;
  Path path = Path::kTrue;
  std::string away;  // The call that nobody answers.
  std::vector<std::string> proved;
  std::vector<std::string> handed_in;

  grpc::Status GetCheckpoint(grpc::ServerContext*, const v1::GetCheckpointRequest*,
                             v1::GetCheckpointResponse* response) override {
    if (log == nullptr) return {grpc::StatusCode::NOT_FOUND, "no checkpoint yet"};
    response->set_note(log->Note(KeyOf(signer)));
    if (waits_for_witnesses) response->set_pending_note(response->note());
    response->set_key_chain(key_chain);
    return Answer("GetCheckpoint");
  }
  grpc::Status ProveConsistency(grpc::ServerContext*, const v1::ProveConsistencyRequest* request,
                                v1::ProveConsistencyResponse* response) override {
    ledger::Prover prover([](const absl::Status& damage) { ADD_FAILURE() << damage; });
    const auto found = prover.Consistency(log->store(), log->head(), request->first_size(),
                                          request->second_size());
    if (!found.ok()) return {grpc::StatusCode::INTERNAL, std::string(found.status().message())};
    for (const ledger::Hash& hash : *found) {
      response->add_path(std::string(ledger::AsBytes(hash)));
    }
    if (path == Path::kBent) response->mutable_path(0)->front() ^= 1;
    if (path == Path::kCut) response->mutable_path(0)->pop_back();
    proved.push_back(absl::StrCat(request->first_size(), " to ", request->second_size()));
    return Answer("ProveConsistency");
  }
  grpc::Status AddCosignature(grpc::ServerContext*, const v1::AddCosignatureRequest* request,
                              v1::AddCosignatureResponse*) override {
    const grpc::Status answer = Answer("AddCosignature");
    if (answer.ok()) handed_in.push_back(request->note());
    return answer;
  }

 private:
  grpc::Status Answer(const std::string& method) const {
    return away == method ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "away") : grpc::Status::OK;
  }
};

class WitnessServiceTest : public CommandsTest {
 protected:
  WitnessServiceTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&ledger_);
    ledger_server_ = builder.BuildAndStart();
    channel_ = ledger_server_->InProcessChannel(grpc::ChannelArguments());
    log_.Grow(300);
    ledger_.log = &log_;
  }
  int Witness(const std::vector<std::string>& more) {
    return Run(With(
        {"witness", "--name", "union.example/witness", "--key-file", folder_.Join("witness.pem")},
        more));
  }
  int Look() {
    return Witness({"--log-key", ledger::VerifierKeyText("k", KeyOf('l').verify_key()), "--state",
                    folder_.Join("state"), "--out", folder_.Join("signed"), "--metrics",
                    folder_.Join("metrics"), "--once"});
  }
  std::string Read(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(folder_.Join(name), std::ios::binary).rdbuf();
    return text.str();
  }
  bool SignedByIt(const std::string& note) {
    EXPECT_EQ(Witness({"--show"}), 0) << err_;
    const auto key =
        ledger::ParseNoteKey(absl::StripSuffix(out_, "\n"), ledger::NoteKeyType::kCosignature);
    if (!key.ok()) return false;
    const auto found = ledger::FindCosignature(note, *key);
    return found.ok() && found->has_value();
  }
  // With both heads in the evidence, and nothing signed or handed in since `signed_before`.
  void ExpectAlarm(const std::string& message) {
    const std::string signed_before = Read("signed");
    const std::size_t handed_in_before = ledger_.handed_in.size();
    std::filesystem::remove(folder_.Join("state.evidence"));
    EXPECT_EQ(Look(), 8) << message;
    EXPECT_THAT(err_, HasSubstr("ALARM: "));
    EXPECT_THAT(err_, HasSubstr(message));
    EXPECT_THAT(Read("state.evidence"), HasSubstr(signed_before));
    EXPECT_THAT(Read("state.evidence"), HasSubstr(ledger_.log->Note(KeyOf(ledger_.signer))));
    EXPECT_THAT(Read("metrics"), HasSubstr("\npuhui_witness_alarm 1\n"));
    EXPECT_EQ(Read("signed"), signed_before);
    EXPECT_EQ(ledger_.handed_in.size(), handed_in_before);
  }

  void ExpectToBeAskedAgain(const std::string& away) {
    ledger_.away = away;
    EXPECT_EQ(Look(), 7) << away;
    EXPECT_THAT(err_, Not(HasSubstr("ALARM"))) << away;
    EXPECT_FALSE(std::filesystem::exists(folder_.Join("state.evidence"))) << away;
    ledger_.away = "";
  }

  ledger::StoredLog log_;
  FakeLedger ledger_;
  std::unique_ptr<grpc::Server> ledger_server_;
};

TEST_F(WitnessServiceTest, HandsInItsSignatureOfEachHeadThatHasOnlyGrown) {
  ASSERT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.proved, IsEmpty());  // The first head is believed.
  log_.Grow(1'000);
  ASSERT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.proved, ::testing::ElementsAre("300 to 1000"));
  ASSERT_THAT(ledger_.handed_in, SizeIs(2));
  EXPECT_THAT(ledger_.handed_in[0], HasSubstr("\n300\n"));
  EXPECT_THAT(ledger_.handed_in[1], HasSubstr("\n1000\n"));
  EXPECT_TRUE(SignedByIt(ledger_.handed_in[0]));
  EXPECT_TRUE(SignedByIt(ledger_.handed_in[1]));
  EXPECT_EQ(Read("signed"), ledger_.handed_in[1]);
  EXPECT_THAT(Read("metrics"), HasSubstr("\npuhui_witness_sequence 1000\n"));
  EXPECT_THAT(Read("metrics"), HasSubstr("\npuhui_witness_alarm 0\n"));
}

TEST_F(WitnessServiceTest, SignsForItselfWhereNobodyWaitsForIt) {
  ledger_.waits_for_witnesses = false;
  ASSERT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.handed_in, IsEmpty());
  EXPECT_TRUE(SignedByIt(Read("signed")));
}

TEST_F(WitnessServiceTest, AnotherHistoryIsAnAlarmAndNotSigned) {
  ASSERT_EQ(Look(), 0) << err_;
  struct Row {
    std::uint64_t size;
    const char* message;
  };
  for (const Row& row : {Row{200, "rolled back: 200 records after 300"},
                         Row{300, "a fork: another root of the same 300 records"},
                         Row{1'000, "a fork: 1000 records do not begin with the 300"}}) {
    ledger::StoredLog other;
    other.Grow(row.size, [](Sequence sequence) { return absl::StrCat("x", sequence); });
    ledger_.log = &other;
    ExpectAlarm(row.message);
  }
  // What was signed before is what counts, and the ledger that goes on from there is signed.
  ledger_.log = &log_;
  log_.Grow(400);
  EXPECT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.handed_in, SizeIs(2));
}

TEST_F(WitnessServiceTest, AProofThatDoesNotLeadThereIsAnAlarm) {
  ASSERT_EQ(Look(), 0) << err_;
  log_.Grow(1'000);
  ledger_.path = FakeLedger::Path::kBent;
  ExpectAlarm("a fork: 1000 records do not begin with the 300");
  ledger_.path = FakeLedger::Path::kCut;
  ExpectAlarm("a hash that is none");
}

TEST_F(WitnessServiceTest, KeysThatTheLedgerDidNotHandOverAreAnAlarm) {
  ASSERT_EQ(Look(), 0) << err_;
  ledger_.signer = 'm';
  ExpectAlarm("");
  const std::string first =
      ledger::SignSuccession(2, "k", KeyOf('l'), KeyOf('m'), absl::FromUnixSeconds(1));
  ledger_.key_chain = first;
  EXPECT_EQ(Look(), 0) << err_;
  ledger_.key_chain =
      ledger::SignSuccession(2, "k", KeyOf('l'), KeyOf('n'), absl::FromUnixSeconds(2));
  ledger_.signer = 'n';
  ExpectAlarm("the chain of its keys does not go on from the one before");
  ledger_.key_chain = "";
  ledger_.signer = 'l';
  ExpectAlarm("the chain of its keys does not go on from the one before");
}

TEST_F(WitnessServiceTest, AServiceThatIsAwayIsNoAlarmAndIsAskedAgain) {
  ExpectToBeAskedAgain("GetCheckpoint");
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("state")));
  ExpectToBeAskedAgain("AddCosignature");
  // It has signed, and hands in the same now.
  const std::string signed_then = Read("state");
  EXPECT_THAT(signed_then, HasSubstr("\n300\n"));
  EXPECT_THAT(ledger_.handed_in, IsEmpty());
  EXPECT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.handed_in, ::testing::ElementsAre(signed_then));
  log_.Grow(1'000);
  ExpectToBeAskedAgain("ProveConsistency");
  EXPECT_EQ(Read("state"), signed_then);
  EXPECT_EQ(Look(), 0) << err_;
  EXPECT_THAT(ledger_.handed_in, SizeIs(2));
}

TEST_F(WitnessServiceTest, AServiceThatHasSignedNothingSinceItsStartIsAskedAgain) {
  ledger_.log = nullptr;
  ExpectToBeAskedAgain("");
  ledger_.log = &log_;
  EXPECT_EQ(Look(), 0) << err_;
}

TEST_F(WitnessServiceTest, SaysWhatItNeedsBeforeItLooks) {
  EXPECT_EQ(Witness({"--once"}), 2);
  EXPECT_THAT(err_, HasSubstr("--log-key and --state"));
  EXPECT_EQ(Witness({"--log-key", "none", "--state", folder_.Join("state"), "--once"}), 2);
  EXPECT_EQ(Run({"witness", "--name", "a name", "--key-file", folder_.Join("key"), "--show"}), 2);
  EXPECT_EQ(connected_, "");
}

}  // namespace
}  // namespace puhui::services::witness_service_test
