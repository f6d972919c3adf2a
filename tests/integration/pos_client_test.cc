// SPDX-License-Identifier: Apache-2.0
// deploy/examples/pos_client.py as integrators get it, against a real puhuid, on good lines and
// bad.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/forwarder.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kDeclined = 6;
constexpr int kUnknown = 7;

class PosClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    deployment_.WriteIdentity("till", scene_.terminal_identity);
    audit_ = v1::AuditService::NewStub(deployment_.Connect("/operator/people/zhou"));
  }

  std::string Path(const std::string& name) const { return deployment_.directory().Join(name); }
  ProgramEnd Till(int port, const std::string& verb) const {
    const std::string line = absl::StrCat(
        "echo ", scene_.cards.front(), " | ", PUHUI_TEST_PYTHON, " ", PUHUI_TEST_POS_CLIENT,
        " --protoc ", PUHUI_TEST_PROTOC, " --plugin ", PUHUI_TEST_GRPC_PYTHON, " --generated ",
        Path("generated"), " --target 127.0.0.1:", port, " --server-name localhost --ca ",
        Path("ca.pem"), " --cert ", Path("till.pem"), " --key ", Path("till.key"), " --terminal ",
        scene_.terminal, " --memory ", Path("till.json"), " ", verb);
    ProgramEnd run = RunProgram({"/bin/sh", "-c", line}, Path("till.out"), Path("till.err"));
    EXPECT_THAT(run.out + run.err, Not(HasSubstr(scene_.cards.front())));
    EXPECT_THAT(ReadWhole(Path("till.json")), Not(HasSubstr(scene_.cards.front())));
    return run;
  }
  ProgramEnd Till(const std::string& verb) const { return Till(deployment_.port(), verb); }
  std::size_t Purchases() const {
    v1::ListRecordsRequest request;
    request.set_from_sequence(1);
    request.set_page_size(1'000);
    const auto listed = Ask(*audit_, &v1::AuditService::Stub::ListRecords, request);
    if (!listed.ok()) return 0;
    return static_cast<std::size_t>(std::count_if(
        listed->records().begin(), listed->records().end(),
        [](const v1::RecordView& record) { return record.kind() == "entry/purchase"; }));
  }
  // What follows "retrievalReference" in what was said.
  static std::string ReferenceIn(const ProgramEnd& run) {
    const std::string name = "\"retrievalReference\": \"";
    const std::size_t at = run.out.find(name);
    return at == std::string::npos ? "" : run.out.substr(at + name.size(), 12);
  }

  SeededRandom random_{20'261'127};
  Deployment deployment_;
  Scene scene_;
  std::unique_ptr<v1::AuditService::Stub> audit_;
};

TEST_F(PosClientTest, SellsReservesAndGivesBack) {
  const ProgramEnd paid = Till("pay 100");
  ASSERT_EQ(paid.exit_code, 0) << paid.out << paid.err;
  EXPECT_THAT(paid.out, HasSubstr("PURCHASE_STATE_CAPTURED"));
  const ProgramEnd refunded = Till(absl::StrCat("refund ", ReferenceIn(paid), " 30"));
  EXPECT_EQ(refunded.exit_code, 0) << refunded.out << refunded.err;
  const ProgramEnd held = Till("authorize 200");
  ASSERT_EQ(held.exit_code, 0) << held.out << held.err;
  const ProgramEnd captured = Till(absl::StrCat("capture ", ReferenceIn(held), " 150"));
  EXPECT_EQ(captured.exit_code, 0) << captured.out << captured.err;
  EXPECT_THAT(captured.out, HasSubstr("\"releasedPoints\": \"50\""));
  const ProgramEnd late = Till(absl::StrCat("void ", ReferenceIn(held)));
  EXPECT_EQ(late.exit_code, kDeclined);
  EXPECT_THAT(late.out, HasSubstr("AUTHORIZATION_CAPTURED"));
  // 1,000 less 70 less 150.
  EXPECT_THAT(Till("pay 781").out, HasSubstr("INSUFFICIENT_POINTS"));
  EXPECT_EQ(Till("pay 780").exit_code, 0);
}

TEST_F(PosClientTest, PaysOnceWhenTheAnswerIsLost) {
  Forwarder line(deployment_.port(), [&](std::uint64_t) { return Purchases() > 0; });
  const ProgramEnd run = Till(line.port(), "pay 100");
  EXPECT_TRUE(line.lost()) << "the till never met what this is about";
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(Purchases(), 1);
}

TEST_F(PosClientTest, SettlesACallThatNobodyAnsweredBeforeTheNextOne) {
  ASSERT_EQ(Till("pay 1").exit_code, 0);
  const int port = deployment_.port();
  deployment_.KillAndWait();
  const ProgramEnd lost = Till(port, "pay 100");
  ASSERT_EQ(lost.exit_code, kUnknown) << lost.out << lost.err;
  ASSERT_OK(deployment_.Start());
  const ProgramEnd next = Till("pay 999");
  EXPECT_EQ(next.exit_code, 0) << next.out << next.err;
  EXPECT_THAT(next.out, HasSubstr("\"settled\": \"reversed\", \"originalFound\": false"));
  EXPECT_THAT(Till("settle").out, HasSubstr("nothing was open"));
}

}  // namespace
}  // namespace puhui
