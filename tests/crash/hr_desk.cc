// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/hr_desk.h"

#include "tests/support/status_matchers.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <utility>

namespace puhui::testing {
namespace {

using Result = v1::MemberRowResult;

v1::BatchCreateMembersResponse ResponseIn(const Told& told) {
  v1::BatchCreateMembersResponse response;
  EXPECT_TRUE(response.ParseFromString(told.body));
  return response;
}

}  // namespace

void HrDesk::Connect(const Deployment& deployment) {
  stub_ = v1::MemberService::NewStub(deployment.Connect(path_));
}

// New people, then sometimes one who is a member already and one whose number nobody has.
v1::BatchCreateMembersRequest HrDesk::NextRequest(std::size_t* new_people) {
  v1::BatchCreateMembersRequest request;
  request.set_request_id(NewRequestId(random_));
  request.set_union_(union_name_);
  *new_people = 2 + random_.Below(20);
  for (std::size_t i = 0; i < *new_people; ++i) *request.add_members() = Person(next_person_++);
  if (random_.Below(3) == 0) {
    *request.add_members() = request.members(0);
    v1::NewMember& nobody = *request.add_members();
    nobody = Person(next_person_++);
    nobody.set_mobile("none");
  }
  return request;
}

Told HrDesk::Send(const Batch& batch) {
  return Tell(*stub_, &v1::MemberService::Stub::BatchCreateMembers, batch.request);
}

void HrDesk::Learn(Batch& batch) {
  ASSERT_EQ(batch.told->code, grpc::StatusCode::OK) << batch.told->message;
  joined_ += batch.new_people;
  const v1::BatchCreateMembersResponse response = ResponseIn(*batch.told);
  ASSERT_EQ(response.results_size(), batch.request.members_size());
  for (int row = 0; row < response.results_size(); ++row) {
    const Result& result = response.results(row);
    const auto place = static_cast<std::size_t>(row);
    if (place < batch.new_people) {
      EXPECT_EQ(result.outcome(), Result::OUTCOME_CREATED) << result.DebugString();
    } else if (place == batch.new_people) {
      EXPECT_EQ(result.outcome(), Result::OUTCOME_UNCHANGED) << result.DebugString();
      EXPECT_EQ(result.member(), response.results(0).member());
    } else {
      EXPECT_EQ(result.reason(), "INVALID_FIELD") << result.DebugString();
    }
  }
}

void HrDesk::Play(Referee* referee) {
  while (!::testing::Test::HasFailure()) {
    Batch& batch = batches_.emplace_back();
    batch.request = NextRequest(&batch.new_people);
    const Told told = Send(batch);
    if (!told.IsAnswer()) return;
    batch.told = told;
    Learn(batch);
    referee->Answered();
  }
}

absl::StatusOr<v1::Member> HrDesk::Find(const v1::NewMember& person) {
  v1::GetMemberRequest request;
  request.mutable_external()->set_union_(union_name_);
  request.mutable_external()->set_external_id(person.external_id());
  auto response = Ask(*stub_, &v1::MemberService::Stub::GetMember, request);
  if (!response.ok()) return response.status();
  EXPECT_EQ(response->member().full_name(), person.full_name());
  EXPECT_EQ(response->member().external_id(), person.external_id());
  EXPECT_EQ(response->member().card_number().size(), 16U);
  return response->member();
}

void HrDesk::ExpectKept() {
  for (std::size_t at = round_; at < batches_.size(); ++at) {
    Batch& batch = batches_[at];
    SCOPED_TRACE(absl::StrCat("batch ", batch.request.request_id()));
    std::size_t found = 0;
    for (std::size_t row = 0; row < batch.new_people; ++row) {
      const auto member = Find(batch.request.members(static_cast<int>(row)));
      if (absl::IsNotFound(member.status())) continue;
      ASSERT_OK(member);
      ++found;
      if (batch.told.has_value()) {
        EXPECT_EQ(member->name(), ResponseIn(*batch.told).results(static_cast<int>(row)).member());
      }
    }
    if (batch.told.has_value()) {
      EXPECT_EQ(found, batch.new_people);
    } else {
      EXPECT_TRUE(found == 0 || found == batch.new_people) << found << " are there";
    }
  }
}

void HrDesk::ExpectSameAnswer(Batch& batch) {
  SCOPED_TRACE(absl::StrCat("batch ", batch.request.request_id()));
  const Told again = Send(batch);
  ASSERT_TRUE(again.IsAnswer());
  if (batch.told.has_value()) {
    EXPECT_EQ(again, *batch.told);
    return;
  }
  batch.told = again;
  Learn(batch);
  EXPECT_EQ(Send(batch), *batch.told);
}

void HrDesk::ExpectSameAnswers() {
  for (std::size_t at = round_; at < batches_.size(); ++at) ExpectSameAnswer(batches_[at]);
}

void HrDesk::ExpectSameAnswersToAll() {
  for (Batch& batch : batches_) ExpectSameAnswer(batch);
}

}  // namespace puhui::testing
