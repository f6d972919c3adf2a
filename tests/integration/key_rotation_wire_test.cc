// SPDX-License-Identifier: Apache-2.0
// The key that signs checkpoints is replaced between two lives of a real puhuid. What was signed
// before goes on counting: receipts, the journal of reads, the tiles for a web server.
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/checkpoint_file.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/published_tiles.h"
#include "ledger/journal/receipt.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/receipt_service.grpc.pb.h"
#include "services/admin/checkpoint_keys.h"
#include "services/rpc/error.h"
#include "tests/integration/await_head.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>

namespace puhui::key_rotation_wire_test {
namespace {

using AccessStub = v1::AccessService::Stub;
using AuditStub = v1::AuditService::Stub;

ledger::SigningKey WitnessKey() { return ledger::SigningKey::FromSeed(std::string(32, 'w')); }

// Each call has a connection of its own: one that is held keeps a server from stopping.
class KeyRotationWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    deployment_.Configure({.witnesses = {ledger::NoteKeyText("w", ledger::NoteKeyType::kCosignature,
                                                             WitnessKey().verify_key())},
                           .publish_dir = folder()});
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
  }
  std::string folder() const { return deployment_.directory().Join("published"); }
  ledger::VerifyKey Key(std::uint32_t number) const {
    return ledger::SigningKey::FromPemFile(
               services::CheckpointKeyPath(deployment_.directory().Join("keys"), number))
        ->verify_key();
  }

  struct Bought {
    std::string reference;
    std::uint64_t sequence = 0;
  };
  absl::StatusOr<Bought> Buy() {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    const auto bought =
        Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(++trace_number_, 10, random_));
    if (!bought.ok()) return bought.status();
    Bought made{.reference = bought->purchase().retrieval_reference()};
    EXPECT_TRUE(absl::SimpleAtoi(made.reference, &made.sequence));
    return made;
  }
  // Until a head that covers the record is signed, and by the witness, which makes it final.
  absl::Status MakeFinal(std::uint64_t sequence) const {
    const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
    if (const absl::Status status = AwaitHead(*audit, sequence); !status.ok()) return status;
    const auto witness = v1::AuditService::NewStub(deployment_.Connect("/witness"));
    const auto shown = Ask(*witness, &AuditStub::GetCheckpoint, v1::GetCheckpointRequest());
    if (!shown.ok()) return shown.status();
    v1::AddCosignatureRequest request;
    request.set_note(ledger::Cosign(shown->pending_note(), "w", WitnessKey(), absl::Now()));
    const auto added = Ask(*witness, &AuditStub::AddCosignature, request);
    if (!added.ok()) return added.status();
    return added->final_size() >= sequence ? absl::OkStatus()
                                           : absl::InternalError("the record is not final");
  }
  // Until the folder has the record, for whoever was told about the first key alone.
  absl::Status AwaitPublished(std::uint64_t sequence, const ledger::VerifyKey& first) const {
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    absl::Status last = absl::DeadlineExceededError("the folder does not grow");
    while (absl::Now() < patience) {
      const auto chain = ledger::ReadKeyChainFile(folder());
      if (!chain.ok()) return chain.status();
      const auto keys = ledger::KeyChain::Parse(*chain, first);
      if (!keys.ok()) return keys.status();
      const auto tree = ledger::ReadPublishedTree(folder(), *keys);
      if (tree.ok() && tree->size() >= sequence) return absl::OkStatus();
      if (!tree.ok()) last = tree.status();
      std::this_thread::yield();
    }
    return last;
  }
  absl::Status AwaitAccessHead() const {
    const auto supervisor = v1::AccessService::NewStub(deployment_.Connect("/supervisor"));
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    absl::Status last;
    while (absl::Now() < patience) {
      last = Ask(*supervisor, &AccessStub::GetAccessCheckpoint, v1::GetAccessCheckpointRequest())
                 .status();
      if (!absl::IsNotFound(last)) break;
    }
    return last;
  }
  absl::StatusOr<v1::AccessVerdict> VerifyAccesses() const {
    const auto supervisor = v1::AccessService::NewStub(deployment_.Connect("/supervisor"));
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = supervisor->VerifyAccesses(&context, v1::VerifyAccessesRequest());
    v1::VerifyAccessesResponse last;
    for (v1::VerifyAccessesResponse message; reader->Read(&message);) last = message;
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return last.verdict();
  }
  absl::StatusOr<ledger::Receipt> ReceiptOf(const Bought& bought) const {
    const auto receipts = v1::ReceiptService::NewStub(
        deployment_.Connect(absl::StrCat("/member/", scene_.members.front())));
    v1::GetReceiptRequest request;
    request.set_retrieval_reference(bought.reference);
    const auto response = Ask(*receipts, &v1::ReceiptService::Stub::GetReceipt, request);
    if (!response.ok()) return response.status();
    return ledger::ParseReceipt(response->receipt());
  }

  SeededRandom random_{61};
  Deployment deployment_;
  Scene scene_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(KeyRotationWireTest, WhatTheEarlierKeySignedGoesOnCounting) {
  const ledger::VerifyKey first = Key(1);
  ASSERT_OK_AND_ASSIGN(const Bought before, Buy());
  ASSERT_OK(MakeFinal(before.sequence));
  ASSERT_OK(AwaitPublished(before.sequence, first));
  ASSERT_OK(AwaitAccessHead());
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK(services::RotateCheckpointKey(
      deployment_.data_directory(), deployment_.directory().Join("keys"), random_, absl::Now()));
  ASSERT_OK(deployment_.Start());

  // First of all: nothing was read since, so the head of the reads is still by the earlier key.
  ASSERT_OK_AND_ASSIGN(const v1::AccessVerdict verdict, VerifyAccesses());
  EXPECT_TRUE(verdict.ok()) << verdict.finding();
  // What is final is so under the earlier key until witnesses have signed again.
  ASSERT_OK_AND_ASSIGN(const ledger::Receipt receipt, ReceiptOf(before));
  EXPECT_OK(ledger::VerifyReceipt(receipt, ledger::KeyChain(first)));
  ASSERT_OK_AND_ASSIGN(const ledger::KeyChain keys,
                       services::ReadKeyChain(deployment_.data_directory(), Key(2)));
  EXPECT_OK(ledger::VerifyReceipt(receipt, keys));

  ASSERT_OK_AND_ASSIGN(const Bought after, Buy());
  ASSERT_OK(AwaitPublished(after.sequence, first));
  ASSERT_OK_AND_ASSIGN(const auto note, ledger::ReadPublishedCheckpoint(folder()));
  EXPECT_OK(ledger::ParseCheckpoint(note.value_or(""), Key(2)));
  EXPECT_EQ(deployment_.CountInLog("tiles are not published"), 0U);
}

}  // namespace
}  // namespace puhui::key_rotation_wire_test
