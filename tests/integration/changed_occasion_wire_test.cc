// SPDX-License-Identifier: Apache-2.0
// A campaign for people in hardship whose occasion is changed: that they are in hardship stays
// untold.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"
#include "tests/support/wire/scene.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/match.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui {
namespace {

using ::testing::HasSubstr;

// What is said of it: its occasion, its name and why somebody stands in its plan.
constexpr const char* kWordsOfHardship[] = {"hardship", "困难补助", "家中失火"};

class ChangedOccasionWireTest : public ::testing::Test {
 protected:
  using AuditStub = v1::AuditService::Stub;
  using CampaignStub = v1::CampaignService::Stub;

  static constexpr char kCampaign[] = "campaigns/q-5";

  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    Stage stage(&deployment_, "fh-1", &random_);
    const Stage::CampaignWish wish{.id = "q-5",
                                   .members = {scene_.members.front()},
                                   .points = 100,
                                   .occasion = "hardship",
                                   .display_name = "困难补助",
                                   .reason = "家中失火"};
    ASSERT_OK(stage.CreateCampaign(wish));
    ASSERT_OK(stage.UploadPlan(wish));
    v1::UpdateCampaignRequest update;
    update.set_request_id(NewRequestId(random_));
    update.mutable_campaign()->set_name(kCampaign);
    update.mutable_campaign()->set_occasion("spring-festival");
    update.mutable_update_mask()->add_paths("occasion");
    ASSERT_OK(Ask(stage.campaigns(), &CampaignStub::UpdateCampaign, update));
  }
  // What campaigns tell somebody.
  std::string ToldOfIt(const std::string& path) {
    const auto campaigns = v1::CampaignService::NewStub(deployment_.Connect(path));
    v1::GetCampaignRequest get;
    get.set_name(kCampaign);
    const auto campaign = Ask(*campaigns, &CampaignStub::GetCampaign, get);
    EXPECT_OK(campaign);
    v1::ListCampaignsRequest all;
    all.set_parent("unions/fh-1");
    const auto listed = Ask(*campaigns, &CampaignStub::ListCampaigns, all);
    EXPECT_OK(listed);
    if (!campaign.ok() || !listed.ok()) return "";
    return campaign->SerializeAsString() + listed->SerializeAsString();
  }
  // What its rows tell somebody who may list them.
  std::string ToldByRows(const std::string& path) {
    const auto campaigns = v1::CampaignService::NewStub(deployment_.Connect(path));
    v1::ListRowsRequest list;
    list.set_name(kCampaign);
    const auto rows = Ask(*campaigns, &CampaignStub::ListRows, list);
    EXPECT_OK(rows);
    if (!rows.ok()) return "";
    EXPECT_EQ(rows->rows_size(), 1);
    return rows->SerializeAsString();
  }
  // What records and the history tell an auditor.
  std::string ToldByRecords(const std::string& path) {
    const auto audit = v1::AuditService::NewStub(deployment_.Connect(path));
    v1::QueryRecordsRequest query;
    query.mutable_filter()->set_in_union("unions/fh-1");
    query.mutable_filter()->add_campaigns(kCampaign);
    const auto records = Ask(*audit, &AuditStub::QueryRecords, query);
    EXPECT_OK(records);
    v1::GetHistoryRequest history;
    history.set_name(kCampaign);
    const auto changes = Ask(*audit, &AuditStub::GetHistory, history);
    EXPECT_OK(changes);
    if (!records.ok() || !changes.ok()) return "";
    EXPECT_GT(records->records_size(), 3);
    EXPECT_GT(changes->entries_size(), 2);
    return records->SerializeAsString() + changes->SerializeAsString();
  }

  SeededRandom random_{20'261'129};
  Deployment deployment_;
  Scene scene_;
};

TEST_F(ChangedOccasionWireTest, NobodyIsMarkedByWhatACampaignWasForOnce) {
  std::string told = ToldOfIt("/finance/unions/fh-1");
  for (const char* path : {"/auditor/unions/fh-1", "/auditor"}) {
    told += ToldOfIt(path);
    told += ToldByRows(path);
    told += ToldByRecords(path);
  }
  EXPECT_THAT(told, HasSubstr("personal"));
  for (const char* word : kWordsOfHardship) EXPECT_FALSE(absl::StrContains(told, word)) << word;
  // Those who decide on it see what it is called, and whom it is for.
  const std::string decides = ToldOfIt("/hr/unions/fh-1") + ToldByRows("/hr/unions/fh-1");
  for (const char* word : {"spring-festival", "困难补助", "家中失火"}) {
    EXPECT_THAT(decides, HasSubstr(word));
  }
}

}  // namespace
}  // namespace puhui
