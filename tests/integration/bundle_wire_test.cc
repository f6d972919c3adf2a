// SPDX-License-Identifier: Apache-2.0
// A bundle over mutual TLS: exported, cut off, gone on with, and checked with the ledger's public
// key alone.
#include "audit/bundle/verifier_key.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/signing.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/rpc/error.h"
#include "tests/integration/await_head.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace puhui::bundle_wire_test {
namespace {

using ledger::Reason;
using AuditStub = v1::AuditService::Stub;

class BundleWireTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    auto scene = Scene::Set(deployment_, {}, &random_);
    ASSERT_OK(scene);
    merchant_ = scene->merchant;
    audit_ = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-1"));
    const auto till = v1::PosService::NewStub(deployment_.Connect(scene->terminal_identity));
    for (std::uint32_t trace = 1; trace <= 3; ++trace) {
      const auto bought =
          Ask(*till, &v1::PosService::Stub::Purchase, scene->Purchase(trace, 10, random_));
      ASSERT_OK(bought);
      ASSERT_TRUE(absl::SimpleAtoi(bought->purchase().retrieval_reference(), &last_sale_));
    }
    ASSERT_OK(AwaitHead(*audit_, last_sale_));
  }

  struct Exported {
    std::string bytes;
    std::string resume_token;
  };
  // What comes of the export until `most` bytes are there.
  absl::StatusOr<Exported> Export(const v1::ExportBundleRequest& request,
                                  std::size_t most = std::string::npos) {
    return ExportAs(*audit_, request, most);
  }
  static absl::StatusOr<Exported> ExportAs(AuditStub& stub, const v1::ExportBundleRequest& request,
                                           std::size_t most = std::string::npos) {
    grpc::ClientContext context;
    SetPatience(&context);
    const auto reader = stub.ExportBundle(&context, request);
    Exported exported;
    for (v1::ExportBundleResponse part; reader->Read(&part);) {
      if (!part.resume_token().empty()) exported.resume_token = part.resume_token();
      exported.bytes.append(part.chunk());
      if (exported.bytes.size() >= most) {
        context.TryCancel();
        reader->Finish();
        exported.bytes.resize(most);
        return exported;
      }
    }
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return services::FromGrpcStatus(status);
    return exported;
  }

  absl::StatusOr<audit::BundleReport> Verify(const std::string& bytes) const {
    std::ifstream file(absl::StrCat(deployment_.data_directory(), "/checkpoint.vkey"));
    std::stringstream key;
    key << file.rdbuf();
    PUHUI_ASSIGN_OR_RETURN(const ledger::VerifyKey trusted, audit::ParseVerifierKey(key.str()));
    std::size_t at = 0;
    return audit::VerifyBundle(
        [&](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
          const std::size_t taken = std::min(size, bytes.size() - at);
          std::memcpy(into, bytes.data() + at, taken);
          at += taken;
          return taken;
        },
        {trusted});
  }

  SeededRandom random_{20'261'201};
  Deployment deployment_;
  std::unique_ptr<AuditStub> audit_;
  std::uint64_t last_sale_ = 0;
  std::string merchant_;
};

TEST_F(BundleWireTest, IsCheckedWithoutTheServer) {
  ASSERT_OK_AND_ASSIGN(const Exported whole, Export({}));
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const audit::BundleReport report, Verify(whole.bytes));
  EXPECT_EQ(report.header.first, 1U);
  EXPECT_GE(report.header.last, last_sale_);
  EXPECT_EQ(report.sales.purchases, 3U);
  EXPECT_EQ(report.fees.checked, 3U);
  EXPECT_EQ(report.caps.unfollowed, 0U);
  EXPECT_GT(report.entries, 3U);
  std::string broken = whole.bytes;
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 1);
  EXPECT_THAT(Verify(broken), HasCode(absl::StatusCode::kDataLoss));
}

TEST_F(BundleWireTest, APartHasItsOpeningBalances) {
  v1::ExportBundleRequest before;
  before.set_last_sequence(last_sale_ - 1);
  v1::ExportBundleRequest after;
  after.set_first_sequence(last_sale_);
  after.set_last_sequence(last_sale_);
  ASSERT_OK_AND_ASSIGN(const Exported earlier, Export(before));
  ASSERT_OK_AND_ASSIGN(const Exported later, Export(after));
  ASSERT_OK_AND_ASSIGN(const audit::BundleReport closed, Verify(earlier.bytes));
  ASSERT_OK_AND_ASSIGN(const audit::BundleReport opened, Verify(later.bytes));
  EXPECT_EQ(closed.closing, opened.opening);
  EXPECT_EQ(opened.sales.purchases, 1U);
  EXPECT_EQ(opened.fees.checked, 1U);
}

TEST_F(BundleWireTest, GoesOnWhereItBrokeByteForByte) {
  ASSERT_OK_AND_ASSIGN(const Exported whole, Export({}));
  ASSERT_GT(whole.bytes.size(), 200U);
  ASSERT_OK_AND_ASSIGN(const Exported begun, Export({}, 100));
  // Meanwhile the ledger goes on; the bundle is of the checkpoint of then.
  v1::ExportBundleRequest request;
  request.set_resume_token(begun.resume_token);
  request.set_offset(begun.bytes.size());
  ASSERT_OK_AND_ASSIGN(const Exported rest, Export(request));
  EXPECT_OK(Verify(absl::StrCat(begun.bytes, rest.bytes)));
  request.set_offset(0);
  ASSERT_OK_AND_ASSIGN(const Exported again, Export(request));
  EXPECT_EQ(again.bytes, absl::StrCat(begun.bytes, rest.bytes));
}

TEST_F(BundleWireTest, OfAPartIsWhatConcernsIt) {
  v1::ExportBundleRequest request;
  request.set_scope(merchant_);
  ASSERT_OK_AND_ASSIGN(const Exported of_merchant, Export(request));
  ASSERT_OK_AND_ASSIGN(const audit::BundleReport merchant, Verify(of_merchant.bytes));
  ASSERT_TRUE(merchant.scope.has_value());
  EXPECT_EQ(merchant.entries, 3U);  // What it sold.
  EXPECT_GT(merchant.records, 3U);  // And that it was registered, and its till enrolled.
  request.set_scope("unions/fh-1");
  ASSERT_OK_AND_ASSIGN(const Exported of_union, Export(request));
  ASSERT_OK_AND_ASSIGN(const audit::BundleReport of_all, Verify(of_union.bytes));
  EXPECT_GT(of_all.entries, 3U);
  EXPECT_GT(of_all.owners, 3U);
  // Gone on with, it has the same bytes.
  request.set_resume_token(of_union.resume_token);
  request.set_offset(100);
  ASSERT_OK_AND_ASSIGN(const Exported rest, Export(request));
  EXPECT_TRUE(rest.bytes == of_union.bytes.substr(100));
}

TEST_F(BundleWireTest, RefusesAScopeThatIsNone) {
  v1::ExportBundleRequest request;
  request.set_scope("unions/nowhere");
  EXPECT_THAT(Export(request), Refuses(Reason::kNotFound));
  request.set_scope("merchants/m-none");
  EXPECT_THAT(Export(request), Refuses(Reason::kNotFound));
  request.set_scope("members/somebody");
  EXPECT_THAT(Export(request), Refuses(Reason::kInvalidField, "scope"));
}

TEST_F(BundleWireTest, RefusesWhatItCannotSay) {
  v1::ExportBundleRequest request;
  request.set_last_sequence(last_sale_ + 1'000'000);
  EXPECT_THAT(Export(request), Refuses(Reason::kInvalidField, "last_sequence"));
  request.set_first_sequence(9);
  request.set_last_sequence(8);
  EXPECT_THAT(Export(request), Refuses(Reason::kInvalidField, "first_sequence"));
  v1::ExportBundleRequest forged;
  forged.set_resume_token("forged");
  EXPECT_FALSE(Export(forged).ok());
  // The token of another range, and of another auditor.
  ASSERT_OK_AND_ASSIGN(const Exported begun, Export({}, 100));
  v1::ExportBundleRequest other;
  other.set_first_sequence(2);
  other.set_resume_token(begun.resume_token);
  EXPECT_FALSE(Export(other).ok());
  v1::ExportBundleRequest same;
  same.set_resume_token(begun.resume_token);
  const auto another = v1::AuditService::NewStub(deployment_.Connect("/auditor/people/a-2"));
  EXPECT_FALSE(ExportAs(*another, same).ok());
  const auto scoped = v1::AuditService::NewStub(deployment_.Connect("/auditor/unions/fh-1"));
  EXPECT_THAT(ExportAs(*scoped, {}), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::bundle_wire_test
