// SPDX-License-Identifier: Apache-2.0
// What docs/operations.md says of a running puhuid, held against one in this process.
#include "audit/access/access_journal.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/clock.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/memory_store.h"
#include "services/rpc/call_metrics.h"
#include "services/server/ledger_metrics.h"
#include "services/server/server.h"
#include "tests/support/ledger_in_memory.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <thread>

namespace puhui::services {
namespace {

// Tests run in the root of the tree.
std::string OperationsText() {
  std::ifstream file("docs/operations.md");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Every `puhui_…` of the document, without labels.
std::set<std::string> DocumentedMetrics() {
  const std::string text = OperationsText();
  const std::regex name("`(puhui_[a-z_]+)");
  std::set<std::string> names;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), name); at != std::sregex_iterator();
       ++at) {
    names.insert((*at)[1].str());
  }
  return names;
}

// A ledger in memory whose metrics are asked for.
class LedgerMetricsTest : public ::testing::Test {
 protected:
  std::map<std::string, double> Read() const {
    std::map<std::string, double> values;
    for (const prometheus::MetricFamily& family : LedgerMetrics({.engine = ledger_.engine.get(),
                                                  .store = &ledger_.store,
                                                  .archive = archive_.get(),
                                                  .search = &search_,
                                                  .accesses = accesses_.get(),
                                                  .witnesses = &witnesses_,
                                                  .key = key_.verify_key()})
                                                      .Collect()) {
      values[family.name] = family.metric.at(0).gauge.value;
    }
    return values;
  }

  void WriteARecord() {
    issuing::CreateUnionCommand::Wish wish;
    wish.id = *UnionId::Parse("fh-1", "id");
    wish.time_zone = "Asia/Shanghai";
    EXPECT_OK(ledger_.engine->Run(
        std::make_unique<issuing::CreateUnionCommand>(&ledger_.books.issuing, wish),
        ledger::Priority::kInteractive));
  }

  const TempDir directory_;
  SystemClock clock_;
  SeededRandom random_{12};
  const ledger::SigningKey key_ = ledger::SigningKey::Generate(random_);
  LedgerInMemory ledger_{&clock_, directory_.path(), key_};
  merchant::OfferIndex search_{&ledger_.store, {.directory = directory_.Join("search")}};
  const std::unique_ptr<ledger::SegmentArchive> archive_ =
      *ledger::SegmentArchive::Open(directory_.Join("archive"));
  const TempDir access_directory_;
  ledger::MemoryStore access_store_;
  const std::unique_ptr<ledger::LocalLog> access_log_ = *ledger::LocalLog::Open(&access_store_);
  const std::unique_ptr<audit::AccessJournal> accesses_ = *audit::AccessJournal::Open(
      {.clock = &clock_, .store = &access_store_, .log = access_log_.get()},
      {.directory = access_directory_.path(), .origin = "test/access", .key_name = "test"}, key_);
  const WitnessShelf witnesses_{{.path = directory_.Join("witnessed"),
                                 .keys = ledger::KeyChain(key_.verify_key()),
                                 .witnesses = {}}};
};

TEST_F(LedgerMetricsTest, SayHowFarTheJournalAndItsCheckpointAre) {
  EXPECT_EQ(Read()["puhui_sequence"], 0);
  EXPECT_EQ(Read()["puhui_checkpoint_sequence"], 0);
  WriteARecord();
  EXPECT_EQ(Read()["puhui_sequence"], 1);
  EXPECT_EQ(Read()["puhui_accepting_writes"], 1);
  ASSERT_OK(ledger_.engine->Shutdown());  // Signs the last checkpoint.
  EXPECT_EQ(Read()["puhui_checkpoint_sequence"], 1);
}

TEST_F(LedgerMetricsTest, SayHowOftenWorkThatIsDueHasFailed) {
  EXPECT_EQ(Read()["puhui_chore_failures"], 0);
  ledger::WriteBatch damage;
  damage.Put(ledger::kTimerTable.family,
             ledger::EncodeKey(ledger::kTimerTable.id, ledger::TimerKey{}), "no row");
  ASSERT_OK(ledger_.store.Commit(damage, ledger::Durability::kView));
  ledger_.engine->WakeTimers();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (Read()["puhui_chore_failures"] == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::yield();
  }
}

TEST_F(LedgerMetricsTest, SayHowFarTheSearchIndexIs) {
  EXPECT_EQ(Read()["puhui_search_ready"], 0);
  WriteARecord();
  ASSERT_OK(search_.Follow());
  EXPECT_EQ(Read()["puhui_search_ready"], 1);
  EXPECT_EQ(Read()["puhui_search_sequence"], 1);
  EXPECT_EQ(Read()["puhui_search_builds"], 1);
}

TEST_F(LedgerMetricsTest, AreThoseThatTheDocumentNamesAndNoOthers) {
  std::set<std::string> names;
  for (const auto& [name, value] : Read()) names.insert(name);
  for (const prometheus::MetricFamily& family : CallMetrics().Collect()) names.insert(family.name);
  const audit::AuditIndex index(&ledger_.store, {});
  for (const auto& family : AuditIndexMetrics(&index).Collect()) names.insert(family.name);
  const SelfCheck self_check({.engine = ledger_.engine.get(),
                              .key = key_.verify_key(),
                              .data_directory = directory_.path()});
  for (const auto& family : SelfCheckMetrics(&self_check).Collect()) names.insert(family.name);
  EXPECT_EQ(DocumentedMetrics(), names);
}

// A whole puhuid on a port of the system's choice.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const TestIdentity server = authority_.IssueServer();
    Write("server.pem", server.certificate, config_.mutable_tls()->mutable_cert());
    Write("server.key", server.key, config_.mutable_tls()->mutable_key());
    Write("clients.pem", authority_.certificate(), config_.mutable_tls()->mutable_client_ca());
    Write("ca.pem", authority_.certificate(), config_.mutable_ca()->mutable_cert());
    Write("ca.key", authority_.identity().key, config_.mutable_ca()->mutable_key());
    config_.set_data_dir(directory_.Join("data"));
    config_.set_search_dir(directory_.Join("search"));
    config_.set_pictures_dir(directory_.Join("pictures"));
    config_.set_pictures_per_merchant(10);
    config_.set_keys_dir(directory_.Join("keys"));
    config_.set_trust_domain("welfare.example");
    config_.set_origin("welfare.example/ledger");
    config_.set_listen("127.0.0.1:0");
    config_.set_terminal_certificate_days(1);
    config_.set_wallet_cache_mib(8);
    config_.set_block_cache_mib(8);
    config_.set_disk_reserve_mib(1);
    config_.set_payment_code_prefix("77");
    config_.set_merchant_time_zone("Asia/Shanghai");
    config_.set_period_time_zone("Asia/Shanghai");
  }
  void Write(const std::string& name, const std::string& text, std::string* path) {
    *path = directory_.Join(name);
    EXPECT_OK(ledger::WriteFileDurably(*path, text));
  }
  // What the health service of the server at `port` says of `service`.
  grpc::Status AskHealth(int port, const std::string& service, std::string* answer) {
    const TestIdentity member = authority_.IssueClient("spiffe://welfare.example/auditor");
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    grpc::GenericStub stub(grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", port),
        grpc::SslCredentials({authority_.certificate(), member.key, member.certificate}),
        arguments));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    // HealthCheckRequest{service = 1}.
    const grpc::Slice request(
        service.empty()
            ? std::string()
            : absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service));
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check",
                                            grpc::ByteBuffer(&request, 1), &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, this);
    void* tag = nullptr;
    bool done = false;
    EXPECT_TRUE(queue.Next(&tag, &done));
    grpc::Slice whole;
    if (status.ok() && response.DumpToSingleSlice(&whole).ok()) {
      answer->assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    return status;
  }

  const TempDir directory_;
  const TestAuthority authority_{"welfare"};
  config::v1::ServerConfig config_;
};

TEST_F(ServerTest, ASecondProcessDoesNoHarm) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Server> first, Server::Start(config_));
  const std::string key_file = absl::StrCat(config_.data_dir(), "/checkpoint.vkey");
  ASSERT_OK_AND_ASSIGN(const auto before, ledger::ReadWholeFile(key_file, 1'000));
  ASSERT_TRUE(before.has_value());
  EXPECT_THAT(Server::Start(config_), HasCode(absl::StatusCode::kFailedPrecondition));
  config::v1::ServerConfig other = config_;
  other.set_keys_dir(directory_.Join("other keys"));
  EXPECT_THAT(Server::Start(other), HasCode(absl::StatusCode::kNotFound)) << "no keys are made";
  ASSERT_OK_AND_ASSIGN(const auto after, ledger::ReadWholeFile(key_file, 1'000));
  EXPECT_EQ(before, after);
  EXPECT_OK(first->Stop());
}

// As deploy/bench.sh measures what they cost.
TEST_F(ServerTest, IndexesThatStandStillKeepNobodyFromServing) {
  const std::string index = absl::StrCat(config_.data_dir(), "/audit-index");
  for (const Indexes indexes : {Indexes::kStill, Indexes::kFollow}) {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Server> server, Server::Start(config_, indexes));
    std::string answer;
    EXPECT_TRUE(AskHealth(server->port(), "", &answer).ok());
    EXPECT_OK(server->Stop());  // What follows has followed once.
    for (const std::string& place : {index, config_.search_dir()}) {
      EXPECT_EQ(std::filesystem::exists(place), indexes == Indexes::kFollow) << place;
    }
  }
}

TEST_F(ServerTest, HealthIsThatOfTheWholeServerAndHasNoOtherName) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Server> server, Server::Start(config_));
  std::string answer;
  EXPECT_TRUE(AskHealth(server->port(), "", &answer).ok());
  EXPECT_EQ(answer, "\x08\x01");  // HealthCheckResponse{status = SERVING}.
  EXPECT_EQ(AskHealth(server->port(), "puhui.v1.PosService", &answer).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_OK(server->Stop());
}

}  // namespace
}  // namespace puhui::services
