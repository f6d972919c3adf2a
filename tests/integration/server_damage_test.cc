// SPDX-License-Identifier: Apache-2.0
// A real puhuid on files that were damaged: the journal is not served, a view is mended.
#include "ledger/base/status_macros.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/rpc/request_id.h"
#include "tests/integration/verifies.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_files.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui {
namespace {

namespace fs = std::filesystem;
using PosStub = v1::PosService::Stub;

void FlipAt(const std::string& path, std::streamoff at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(at);
  const auto byte = static_cast<char>(file.get());
  file.seekp(at);
  file.put(static_cast<char>(byte ^ 1));
}

// The file that was written last of those that hold the journal, with a byte of the journal in it.
struct Place {
  std::string file;
  std::streamoff at = 0;
};
Place NewestJournalByte(const std::string& store_path, const std::string& needle) {
  Place newest;
  fs::file_time_type written = fs::file_time_type::min();
  for (const auto& entry : fs::directory_iterator(store_path)) {
    const std::string extension = entry.path().extension();
    if (extension != ".log" && extension != ".sst") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const std::size_t at = bytes.rfind(needle);
    if (at == std::string::npos || entry.last_write_time() < written) continue;
    written = entry.last_write_time();
    newest = {entry.path(), static_cast<std::streamoff>(at)};
  }
  return newest;
}

class ServerDamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
  }
  std::string StorePath() const { return services::StorePath(deployment_.data_directory()); }
  std::unique_ptr<PosStub> Till() const {
    return v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  }
  absl::StatusOr<v1::Wallet> Wallet() const {
    const auto wallets = v1::WalletService::NewStub(deployment_.Connect("/auditor"));
    v1::GetWalletRequest request;
    request.set_name(absl::StrCat(scene_.members.front(), "/wallet"));
    PUHUI_ASSIGN_OR_RETURN(const auto response,
                           Ask(*wallets, &v1::WalletService::Stub::GetWallet, request));
    return response.wallet();
  }

  // Flips a byte of the last purchase in the newest file of the journal, expects that nobody serves
  // that, and puts it back.
  void ExpectDamageIsNotServed(const v1::PurchaseRequest& last) {
    // Its sixteen random bytes stand in the record and nowhere else, and do not compress.
    ASSERT_OK_AND_ASSIGN(const auto id, services::ParseRequestId(last.request_id()));
    const Place place = NewestJournalByte(StorePath(), std::string(id.begin(), id.end()));
    ASSERT_FALSE(place.file.empty());
    FlipAt(place.file, place.at);
    ASSERT_OK_AND_ASSIGN(const ProcessEnd end, deployment_.RunAnother());
    EXPECT_EQ(end.exit_code, 1);
    EXPECT_THAT(end.said, ::testing::ContainsRegex("DATA_LOSS: journal at sequence [1-9]"));
    ASSERT_OK_AND_ASSIGN(const auto report,
                         services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
    EXPECT_FALSE(report.ok());
    EXPECT_THAT(report.findings.front(), ::testing::ContainsRegex("^journal at sequence [1-9]"));
    FlipAt(place.file, place.at);
    ASSERT_OK(deployment_.Start());
    v1::GetTransactionRequest ask;
    ask.set_terminal(scene_.terminal);
    ask.set_request_id(last.request_id());
    EXPECT_OK(Ask(*Till(), &PosStub::GetTransaction, ask));
  }

  // Damages every file of a family of views and expects that the server comes back by itself, with
  // what it had.
  void ExpectViewIsMended(ledger::Family family,
                          const std::function<void(const std::string& file)>& damage) {
    ASSERT_OK(Ask(*Till(), &PosStub::Purchase, scene_.Purchase(1, 10, random_)));
    ASSERT_OK_AND_ASSIGN(const v1::Wallet before, Wallet());
    ASSERT_OK(deployment_.Stop());
    const std::vector<std::string> files = FilesOf(family, StorePath());
    ASSERT_FALSE(files.empty());
    for (const std::string& file : files) damage(file);
    // Whoever meets the damage ends the process or fails; a supervisor starts the next one.
    const v1::PurchaseRequest purchase = scene_.Purchase(2, 10, random_);
    for (int start = 1;; ++start) {
      ASSERT_LE(start, kStartsMax);
      const bool served = deployment_.Start().ok() &&
                          Ask(*Till(), &PosStub::Purchase, purchase).ok() && Verifies(deployment_);
      if (served) break;
      deployment_.Stop().IgnoreError();
    }
    EXPECT_EQ(deployment_.CountInLog("folding all views anew"), 1U);
    ASSERT_OK(Ask(*Till(), &PosStub::Purchase, purchase));
    ASSERT_OK_AND_ASSIGN(const v1::Wallet after, Wallet());
    EXPECT_EQ(after.available_points(), before.available_points() - 10);
    ASSERT_OK(deployment_.Start());
    EXPECT_EQ(deployment_.CountInLog("folding all views anew"), 1U);
  }

  static constexpr int kStartsMax = 3;
  Deployment deployment_;
  SeededRandom random_{20'250'109};
  Scene scene_;
};

TEST_F(ServerDamageTest, AFlippedByteInTheJournalOfAStoppedServerIsNotServed) {
  const v1::PurchaseRequest last = scene_.Purchase(1, 10, random_);
  ASSERT_OK(Ask(*Till(), &PosStub::Purchase, last));
  ASSERT_OK(deployment_.Stop());
  ExpectDamageIsNotServed(last);
}

TEST_F(ServerDamageTest, AFlippedByteInTheJournalOfAKilledServerIsNotServed) {
  const v1::PurchaseRequest last = scene_.Purchase(1, 10, random_);
  ASSERT_OK(Ask(*Till(), &PosStub::Purchase, last));
  deployment_.KillAndWait();
  ExpectDamageIsNotServed(last);
}

// In each block, and as it happens in what says where the blocks are.
void FlipEveryKilobyte(const std::string& file) {
  constexpr std::streamoff kFooter = 100;
  const auto end = static_cast<std::streamoff>(fs::file_size(file)) - kFooter;
  for (std::streamoff at = 100; at < end; at += 1'024) FlipAt(file, at);
}

TEST_F(ServerDamageTest, RowsThatAreLookedUpAreMended) {
  ExpectViewIsMended(ledger::Family::kState, FlipEveryKilobyte);
}

TEST_F(ServerDamageTest, RowsThatAreReadInOrderAreMended) {
  ExpectViewIsMended(ledger::Family::kIndex, FlipEveryKilobyte);
}

TEST_F(ServerDamageTest, ASingleFlippedByteOfAViewIsMended) {
  ExpectViewIsMended(ledger::Family::kState, [](const std::string& file) { FlipAt(file, 100); });
}

TEST_F(ServerDamageTest, AViewsFileThatWasCutShortIsMended) {
  ExpectViewIsMended(ledger::Family::kMeta, [](const std::string& file) {
    fs::resize_file(file, fs::file_size(file) / 2);
  });
}

// Who reads tiles waits; who buys does not.
TEST_F(ServerDamageTest, AFolderForTilesThatCannotBeWrittenKeepsNobodyFromBuying) {
  const std::string folder = deployment_.directory().Join("published");
  std::ofstream(folder) << "no folder";
  ASSERT_OK(deployment_.Stop());
  deployment_.Configure({.publish_dir = folder});
  ASSERT_OK(deployment_.Start());
  ASSERT_OK(deployment_.AwaitLog("tiles are not published: ", 1));
  EXPECT_OK(Ask(*Till(), &PosStub::Purchase, scene_.Purchase(1, 10, random_)));
  ASSERT_OK(deployment_.Stop());
  fs::remove(folder);
  ASSERT_OK(deployment_.Start());
  const absl::Time give_up = absl::Now() + absl::Minutes(1);
  while (!fs::exists(absl::StrCat(folder, "/checkpoint"))) {
    ASSERT_LT(absl::Now(), give_up);
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace puhui
