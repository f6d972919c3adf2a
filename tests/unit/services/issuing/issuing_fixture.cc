// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/issuing_fixture.h"

namespace puhui::services {

IssuingTest::IssuingTest(absl::Duration silence_max) {
  const IssuingParts parts{.ledger = {.engine = ledger_.engine.get(), .request_key = &lookup_},
                           .tables = &ledger_.books.issuing,
                           .views = &ledger_.books.views,
                           .vault = &vault_,
                           .tokens = &tokens_,
                           .tree = &tree_,
                           .workers = &workers_};
  union_service_ = std::make_unique<UnionService>(parts);
  member_service_ = std::make_unique<MemberService>(parts);
  campaign_service_ = std::make_unique<CampaignService>(parts);
  grpc::ServerBuilder builder;
  calls_ =
      std::make_unique<Calls>(&pipeline_, &builder,
                              Calls::Options{.drained = [this] { ledger_.engine->LendThread(); },
                                             .silence_max = silence_max});
  union_service_->Serve(*calls_);
  member_service_->Serve(*calls_);
  campaign_service_->Serve(*calls_);
  server_ = builder.BuildAndStart();
  calls_->Start();
  const auto channel = server_->InProcessChannel({});
  unions_ = v1::UnionService::NewStub(channel);
  members_ = v1::MemberService::NewStub(channel);
  campaigns_ = v1::CampaignService::NewStub(channel);
  EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1")));
  EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("gz-2")));
}

IssuingTest::~IssuingTest() {
  server_->Shutdown();
  calls_->Stop();
  EXPECT_OK(ledger_.engine->Shutdown());
}

}  // namespace puhui::services
