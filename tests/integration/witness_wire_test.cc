// SPDX-License-Identifier: Apache-2.0
// `puhui witness` and `puhui receipt` as people run them: the program, over real mutual TLS,
// against a real puhuid, and against one whose ledger was put back.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/integration/await_head.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::witness_wire_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kNotVisible = 4;
constexpr int kFound = 8;

class WitnessWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const ProgramEnd shown =
        Puhui("nobody", {"witness", "--name", "w-1", "--key-file", Path("w-1.pem"), "--show"});
    ASSERT_EQ(shown.exit_code, 0) << shown.err;
    deployment_.Configure({.witnesses = {std::string(absl::StripSuffix(shown.out, "\n"))}});
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    Introduce("witness", "/witness");
    Introduce("buyer", absl::StrCat("/member/", scene_.members.front()));
    Introduce("other", absl::StrCat("/member/", scene_.members.back()));
    WriteProfiles();
  }

  std::string Path(const std::string& name) const { return deployment_.directory().Join(name); }
  void Introduce(const std::string& name, const std::string& spiffe_path) {
    deployment_.WriteIdentity(name, deployment_.Identity(spiffe_path));
    names_.push_back(name);
  }
  // The port is another one after each start.
  void WriteProfiles() const {
    for (const std::string& name : names_) {
      std::ofstream(Path(name + ".yaml"))
          << "server: 127.0.0.1:" << deployment_.port() << "\nserver_name: localhost\nca: ca.pem\n"
          << "cert: " << name << ".pem\nkey: " << name << ".key\n";
    }
  }
  void Restart() {
    ASSERT_OK(deployment_.Start());
    WriteProfiles();
  }

  ProgramEnd Puhui(const std::string& name, const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {PUHUI_TEST_PUHUI, "--profile", Path(name + ".yaml")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return RunProgram(command, Path("puhui.out"), Path("puhui.err"));
  }
  ProgramEnd Look() const {
    return Puhui("witness", {"witness", "--name", "w-1", "--key-file", Path("w-1.pem"), "--log-key",
                             absl::StrCat(deployment_.data_directory(), "/checkpoint.vkey"),
                             "--state", Path("w-1.state"), "--once"});
  }
  // Its reference, once a signed head covers it.
  void Buy(std::string* reference) {
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
    ASSERT_OK_AND_ASSIGN(
        const v1::PurchaseResponse bought,
        Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(++trace_number_, 10, random_)));
    *reference = bought.purchase().retrieval_reference();
    std::uint64_t sequence = 0;
    ASSERT_TRUE(absl::SimpleAtoi(*reference, &sequence));
    ASSERT_NO_FATAL_FAILURE(AwaitHeadOf(sequence));
  }
  void AwaitHeadOf(std::uint64_t sequence) const {
    const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
    ASSERT_OK(AwaitHead(*audit, sequence));
  }
  std::uint64_t FinalSize() const {
    const auto audit = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
    const auto shown =
        Ask(*audit, &v1::AuditService::Stub::GetCheckpoint, v1::GetCheckpointRequest());
    EXPECT_OK(shown);
    return shown.ok() ? shown->final_size() : 0;
  }
  // How many records the last head has that the witness signed: the second line of it.
  std::uint64_t SignedSize() const {
    const std::vector<std::string> lines = absl::StrSplit(ReadWhole(Path("w-1.state")), '\n');
    std::uint64_t size = 0;
    EXPECT_TRUE(lines.size() > 1 && absl::SimpleAtoi(lines[1], &size));
    return size;
  }
  void ExpectAlarm(const std::string& message) {
    const std::string signed_before = ReadWhole(Path("w-1.state"));
    const std::uint64_t final_before = FinalSize();
    std::filesystem::remove(Path("w-1.state.evidence"));
    const ProgramEnd look = Look();
    EXPECT_EQ(look.exit_code, kFound) << look.err;
    EXPECT_THAT(look.err, HasSubstr(absl::StrCat("ALARM: ", message)));
    EXPECT_THAT(ReadWhole(Path("w-1.state.evidence")), HasSubstr(signed_before));
    EXPECT_EQ(ReadWhole(Path("w-1.state")), signed_before);
    EXPECT_EQ(FinalSize(), final_before);
  }

  SeededRandom random_{20'261'128};
  Deployment deployment_;
  Scene scene_;
  std::vector<std::string> names_;
  std::uint32_t trace_number_ = 0;
};

TEST_F(WitnessWireTest, WhatItSignsIsFinalAndInTheReceiptThatTheMemberKeeps) {
  std::string reference;
  ASSERT_NO_FATAL_FAILURE(Buy(&reference));
  EXPECT_EQ(FinalSize(), 0U);
  const ProgramEnd look = Look();
  ASSERT_EQ(look.exit_code, 0) << look.err;
  EXPECT_EQ(FinalSize(), SignedSize());
  const ProgramEnd fetched =
      Puhui("buyer", {"receipt", "--reference", reference, "--out", Path("bought.receipt")});
  ASSERT_EQ(fetched.exit_code, 0) << fetched.err;
  EXPECT_THAT(ReadWhole(Path("bought.receipt")), HasSubstr("\n— w-1 "));
  const ProgramEnd printed = Puhui("buyer", {"receipt", "--reference", reference});
  EXPECT_EQ(printed.out, ReadWhole(Path("bought.receipt")));
  const ProgramEnd verified =
      Puhui("nobody", {"verify-receipt", Path("bought.receipt"), "--key",
                       absl::StrCat(deployment_.data_directory(), "/checkpoint.vkey")});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("the ledger holds this record"));
  const ProgramEnd of_another = Puhui("other", {"receipt", "--reference", reference});
  EXPECT_EQ(of_another.exit_code, kNotVisible);
  EXPECT_EQ(of_another.out, "");
}

TEST_F(WitnessWireTest, ALedgerThatWasPutBackIsAnAlarmAndSoIsHowItGoesOn) {
  std::string reference;
  ASSERT_NO_FATAL_FAILURE(Buy(&reference));
  ASSERT_EQ(Look().exit_code, 0);
  deployment_.KillAndWait();
  std::filesystem::copy(deployment_.data_directory(), Path("kept"),
                        std::filesystem::copy_options::recursive);
  ASSERT_NO_FATAL_FAILURE(Restart());
  ASSERT_NO_FATAL_FAILURE(Buy(&reference));
  const ProgramEnd look = Look();
  ASSERT_EQ(look.exit_code, 0) << look.err;
  EXPECT_THAT(look.err, Not(HasSubstr("ALARM")));
  const std::uint64_t signed_size = SignedSize();

  deployment_.KillAndWait();
  std::filesystem::remove_all(deployment_.data_directory());
  std::filesystem::rename(Path("kept"), deployment_.data_directory());
  ASSERT_NO_FATAL_FAILURE(Restart());
  ASSERT_NO_FATAL_FAILURE(AwaitHeadOf(1));
  ExpectAlarm("rolled back: ");
  // Its own proofs hold, and lead to what was never signed.
  std::uint64_t sequence = 0;
  while (sequence <= signed_size) {
    ASSERT_NO_FATAL_FAILURE(Buy(&reference));
    ASSERT_TRUE(absl::SimpleAtoi(reference, &sequence));
  }
  ExpectAlarm("a fork: ");
}

}  // namespace
}  // namespace puhui::witness_wire_test
