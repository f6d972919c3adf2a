// SPDX-License-Identifier: Apache-2.0
// The evidence over mutual TLS: proofs, receipts, and what witnesses make final. Everything is
// checked with the ledger's public key alone.
#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/merkle.h"
#include "ledger/journal/receipt.h"
#include "ledger/journal/witness.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/receipt_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::proof_wire_test {
namespace {

using ledger::Checkpoint;
using ledger::Hash;
using ledger::Reason;
using AuditStub = v1::AuditService::Stub;
using ReceiptStub = v1::ReceiptService::Stub;

ledger::SigningKey WitnessKey(char seed) {
  return ledger::SigningKey::FromSeed(std::string(32, seed));
}
std::string WitnessName(char seed) {
  return absl::StrCat("witness-", std::string(1, seed), ".welfare.test");
}
std::string WitnessKeyText(char seed) {
  return ledger::NoteKeyText(WitnessName(seed), ledger::NoteKeyType::kCosignature,
                             WitnessKey(seed).verify_key());
}

template <class Response>
std::vector<Hash> PathOf(const Response& response) {
  std::vector<Hash> path;
  for (const std::string& hash : response.path()) path.push_back(ledger::HashFromBytes(hash));
  return path;
}

class ProofWireTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    deployment_ = new Deployment;
    random_ = new SeededRandom(1);
    deployment_->Configure(
        {.witnesses = {WitnessKeyText('1'), WitnessKeyText('2'), WitnessKeyText('3'),
                       WitnessKeyText('4'), WitnessKeyText('5')}});
    ASSERT_OK(deployment_->Start());
    auto scene = Scene::Set(*deployment_, {}, random_);
    ASSERT_OK(scene);
    scene_ = new Scene(*std::move(scene));
  }
  static void TearDownTestSuite() {
    delete scene_;
    delete random_;
    delete deployment_;
  }

  void SetUp() override {
    ASSERT_NE(scene_, nullptr);
    audit_ = v1::AuditService::NewStub(deployment_->Connect("/auditor"));
    witness_ = v1::AuditService::NewStub(deployment_->Connect("/witness"));
    const auto till = v1::PosService::NewStub(deployment_->Connect(scene_->terminal_identity));
    const auto bought = Ask(*till, &v1::PosService::Stub::Purchase,
                            scene_->Purchase(++trace_number_, 10, *random_));
    ASSERT_OK(bought);
    reference_ = bought->purchase().retrieval_reference();
    ASSERT_TRUE(absl::SimpleAtoi(reference_, &sequence_));
    ASSERT_OK_AND_ASSIGN(head_, AwaitHead(sequence_));
  }

  // The server leaves its key where it keeps its data.
  static ledger::VerifyKey LogKey() {
    std::ifstream file(absl::StrCat(deployment_->data_directory(), "/checkpoint.vkey"));
    std::string text;
    std::getline(file, text);
    return ledger::ParseNoteKey(text, ledger::NoteKeyType::kEd25519)->key;
  }
  absl::StatusOr<v1::GetCheckpointResponse> Shown() {
    return Ask(*witness_, &AuditStub::GetCheckpoint, v1::GetCheckpointRequest());
  }
  // The first head that covers the record; heads are signed every second.
  absl::StatusOr<Checkpoint> AwaitHead(std::uint64_t sequence) {
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    while (absl::Now() < patience) {
      const auto shown = Shown();
      if (absl::IsNotFound(shown.status())) continue;  // None is signed since the start.
      if (!shown.ok()) return shown.status();
      auto head = ledger::ParseCheckpoint(shown->note(), LogKey());
      if (!head.ok() || head->size >= sequence) return head;
    }
    return absl::DeadlineExceededError("no head covers the record");
  }
  absl::StatusOr<v1::ProveInclusionResponse> Inclusion(std::uint64_t sequence, std::uint64_t size) {
    v1::ProveInclusionRequest request;
    request.set_sequence(sequence);
    request.set_tree_size(size);
    return Ask(*audit_, &AuditStub::ProveInclusion, request);
  }
  absl::StatusOr<v1::ProveConsistencyResponse> Consistency(std::uint64_t first,
                                                           std::uint64_t second) {
    v1::ProveConsistencyRequest request;
    request.set_first_size(first);
    request.set_second_size(second);
    return Ask(*audit_, &AuditStub::ProveConsistency, request);
  }
  static absl::StatusOr<v1::GetReceiptResponse> ReceiptAs(const std::string& caller,
                                                          const std::string& reference) {
    const auto receipts = v1::ReceiptService::NewStub(deployment_->Connect(caller));
    v1::GetReceiptRequest request;
    request.set_retrieval_reference(reference);
    return Ask(*receipts, &ReceiptStub::GetReceipt, request);
  }
  absl::StatusOr<v1::AddCosignatureResponse> HandIn(const std::string& note) {
    v1::AddCosignatureRequest request;
    request.set_note(note);
    return Ask(*witness_, &AuditStub::AddCosignature, request);
  }
  struct Exported {
    std::string bytes;
    std::string resume_token;
  };
  absl::StatusOr<Exported> Export(const v1::ExportBundleRequest& request) {
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = audit_->ExportBundle(&context, request);
    Exported exported;
    for (v1::ExportBundleResponse part; reader->Read(&part);) {
      if (!part.resume_token().empty()) exported.resume_token = part.resume_token();
      exported.bytes.append(part.chunk());
    }
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return exported;
  }
  static std::string SignedBy(char seed, const std::string& note) {
    return ledger::Cosign(note, WitnessName(seed), WitnessKey(seed), absl::Now());
  }

  static Deployment* deployment_;
  static SeededRandom* random_;
  static Scene* scene_;
  static std::uint32_t trace_number_;
  std::unique_ptr<AuditStub> audit_;
  std::unique_ptr<AuditStub> witness_;
  std::string reference_;  // Of a purchase.
  std::uint64_t sequence_ = 0;
  Checkpoint head_;  // That covers it.
};
Deployment* ProofWireTest::deployment_ = nullptr;
SeededRandom* ProofWireTest::random_ = nullptr;
Scene* ProofWireTest::scene_ = nullptr;
std::uint32_t ProofWireTest::trace_number_ = 0;

TEST_F(ProofWireTest, LeadsFromEveryRecordToTheSignedHead) {
  v1::GetRecordRequest one;
  for (std::uint64_t sequence = 1; sequence <= head_.size; ++sequence) {
    one.set_sequence(sequence);
    ASSERT_OK_AND_ASSIGN(const auto record, Ask(*audit_, &AuditStub::GetRecord, one));
    ASSERT_OK_AND_ASSIGN(const auto proof, Inclusion(sequence, head_.size));
    EXPECT_TRUE(ledger::VerifyInclusion(ledger::LeafHash(record.record_bytes()), proof.leaf_index(),
                                        head_.size, PathOf(proof), head_.root));
  }
}

TEST_F(ProofWireTest, LeadsFromEveryTreeToTheSignedHead) {
  for (std::uint64_t first = 1; first <= head_.size; ++first) {
    ASSERT_OK_AND_ASSIGN(const auto proof, Consistency(first, head_.size));
    ledger::MerkleFrontier tree;
    v1::GetRecordRequest one;
    if (first % 8 != 1) continue;  // The roots of a few: each costs a read of all its records.
    for (std::uint64_t sequence = 1; sequence <= first; ++sequence) {
      one.set_sequence(sequence);
      ASSERT_OK_AND_ASSIGN(const auto record, Ask(*audit_, &AuditStub::GetRecord, one));
      tree.Append(ledger::LeafHash(record.record_bytes()));
    }
    EXPECT_TRUE(
        ledger::VerifyConsistency({first, tree.Root()}, {head_.size, head_.root}, PathOf(proof)));
  }
}

TEST_F(ProofWireTest, RefusesForgedSizes) {
  const std::uint64_t beyond = std::uint64_t{1} << 40;
  EXPECT_THAT(Inclusion(0, 0), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Inclusion(1, beyond), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Inclusion(beyond, 0), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Inclusion(2, 1), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Inclusion(UINT64_MAX, UINT64_MAX), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Consistency(0, 0), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Consistency(1, beyond), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Consistency(beyond, 0), Refuses(Reason::kInvalidField));
  EXPECT_THAT(Consistency(3, 2), Refuses(Reason::kInvalidField));
}

TEST_F(ProofWireTest, GivesAReceiptThatIsCheckedWithoutTheService) {
  const std::string member = absl::StrCat("/member/", scene_->members.front());
  const std::string merchant = absl::StrCat("/merchant/", scene_->merchant);
  const std::string till = absl::StrCat("/terminal/", scene_->terminal);
  for (const std::string& caller : {member, merchant, till, std::string("/auditor")}) {
    ASSERT_OK_AND_ASSIGN(const auto response, ReceiptAs(caller, reference_));
    ASSERT_OK_AND_ASSIGN(const ledger::Receipt receipt, ledger::ParseReceipt(response.receipt()));
    ASSERT_OK_AND_ASSIGN(const Checkpoint head,
                         ledger::VerifyReceipt(receipt, ledger::KeyChain(LogKey())));
    EXPECT_GE(head.size, sequence_);
    EXPECT_EQ(receipt.index, sequence_ - 1);
    EXPECT_EQ(receipt.record, response.record_bytes());
  }
  for (const std::string& caller :
       {absl::StrCat("/member/", scene_->members.back()), std::string("/merchant/merchants/m-9"),
        std::string("/auditor/unions/nowhere")}) {
    EXPECT_THAT(ReceiptAs(caller, reference_), Refuses(Reason::kNotFound)) << caller;
  }
  EXPECT_THAT(ReceiptAs(member, "000000000001"), Refuses(Reason::kNotFound));
  EXPECT_THAT(ReceiptAs(member, ""), Refuses(Reason::kInvalidField));
}

TEST_F(ProofWireTest, IsFinalWhenAQuorumOfWitnessesHasSigned) {
  ASSERT_OK_AND_ASSIGN(const auto shown, Shown());
  EXPECT_EQ(shown.quorum(), 3U);
  ASSERT_FALSE(shown.pending_note().empty());
  ASSERT_OK_AND_ASSIGN(const Checkpoint pending,
                       ledger::ParseCheckpoint(shown.pending_note(), LogKey()));
  ASSERT_OK_AND_ASSIGN(const auto one, HandIn(SignedBy('1', shown.pending_note())));
  EXPECT_EQ(one.final_size(), shown.final_size());
  // The same witness again is no second one.
  ASSERT_OK_AND_ASSIGN(const auto same, HandIn(SignedBy('1', shown.pending_note())));
  EXPECT_EQ(same.final_size(), shown.final_size());
  ASSERT_OK_AND_ASSIGN(const auto two, HandIn(SignedBy('3', shown.pending_note())));
  EXPECT_EQ(two.final_size(), shown.final_size());
  ASSERT_OK_AND_ASSIGN(const auto three, HandIn(SignedBy('5', shown.pending_note())));
  EXPECT_EQ(three.final_size(), pending.size);

  // Killed: what was told to be final is.
  deployment_->KillAndWait();
  ASSERT_OK(deployment_->Start());
  witness_ = v1::AuditService::NewStub(deployment_->Connect("/witness"));
  ASSERT_OK(AwaitHead(1));
  ASSERT_OK_AND_ASSIGN(const auto after, Shown());
  EXPECT_EQ(after.final_size(), pending.size);
  for (const char seed : {'1', '3', '5'}) {
    ASSERT_OK_AND_ASSIGN(
        const auto signature,
        ledger::FindCosignature(after.final_note(),
                                {WitnessName(seed), WitnessKey(seed).verify_key()}));
    EXPECT_TRUE(signature.has_value());
  }
  // Bundles of what is final show who has signed, also those that are gone on with.
  SetUp();  // One more purchase, and the head that covers it: the bundle has both heads.
  v1::ExportBundleRequest request;
  request.set_last_sequence(pending.size);
  ASSERT_OK_AND_ASSIGN(const Exported bundle, Export(request));
  EXPECT_THAT(bundle.bytes, ::testing::HasSubstr(after.final_note()));
  EXPECT_GT(bundle.resume_token.size(), 1'024U) << "longer than the token of a page";
  request.set_resume_token(bundle.resume_token);
  ASSERT_OK_AND_ASSIGN(const Exported again, Export(request));
  EXPECT_TRUE(again.bytes == bundle.bytes);
  request.set_first_sequence(2);
  EXPECT_THAT(Export(request).status(), Refuses(Reason::kInvalidField, "resume_token"));
}

TEST_F(ProofWireTest, TakesNoSignatureOfAStranger) {
  ASSERT_OK_AND_ASSIGN(const auto shown, Shown());
  const std::string& note = shown.note();
  EXPECT_THAT(HandIn(""), Refuses(Reason::kInvalidField));
  EXPECT_THAT(HandIn(note), Refuses(Reason::kInvalidField));
  EXPECT_THAT(HandIn(SignedBy('9', note)), Refuses(Reason::kInvalidField));
  std::string forged = SignedBy('1', note);
  forged[0] = static_cast<char>(forged[0] ^ 1);
  EXPECT_THAT(HandIn(forged), Refuses(Reason::kInvalidField));
  std::string broken = SignedBy('1', note);
  broken[broken.size() - 10] = static_cast<char>(broken[broken.size() - 10] ^ 1);
  EXPECT_THAT(HandIn(broken), Refuses(Reason::kInvalidField));
}

TEST_F(ProofWireTest, AWitnessFollowsWhatGrows) {
  auto witness = ledger::Witness::Open({.name = WitnessName('2'),
                                        .key = WitnessKey('2'),
                                        .log_key = LogKey(),
                                        .state_path = deployment_->directory().Join("w-2")});
  ASSERT_OK(witness);
  ASSERT_OK_AND_ASSIGN(const auto first, Shown());
  ASSERT_OK(witness->Sign(first.note(), {}, absl::Now()));
  const std::uint64_t size = witness->last()->size;
  SetUp();  // One more purchase, and the head that covers it.
  ASSERT_OK_AND_ASSIGN(const auto second, Shown());
  ASSERT_OK_AND_ASSIGN(const Checkpoint next, ledger::ParseCheckpoint(second.note(), LogKey()));
  ASSERT_OK_AND_ASSIGN(const auto proof, Consistency(size, next.size));
  EXPECT_OK(witness->Sign(second.note(), PathOf(proof), absl::Now()));
  EXPECT_THAT(witness->Sign(first.note(), {}, absl::Now()), HasCode(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace puhui::proof_wire_test
