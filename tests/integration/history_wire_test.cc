// SPDX-License-Identifier: Apache-2.0
// The history of what members, unions and supervisors do besides points, over mutual TLS.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/device_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/notice_service.grpc.pb.h"
#include "puhui/v1/order_service.grpc.pb.h"
#include "puhui/v1/voucher_service.grpc.pb.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/stage.h"
#include "tests/support/wire/two_scenes.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace puhui {
namespace {

using ledger::Reason;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class HistoryWireTest : public TwoScenesTest {
 protected:
  static constexpr char kOwnAuditor[] = "/auditor/unions/fh-1";
  static constexpr char kOtherAuditor[] = "/auditor/unions/gz-2";

  static void SetUpTestSuite() { Begin(1'213); }
  static void TearDownTestSuite() { End(); }

  template <class Service>
  static std::unique_ptr<typename Service::Stub> As(const std::string& path) {
    return Service::NewStub(deployment_->Connect(path));
  }
  template <class Request>
  static Request New() {
    Request request;
    request.set_request_id(NewRequestId(*random_));
    return request;
  }
  static absl::StatusOr<v1::GetHistoryResponse> HistoryOf(const std::string& path,
                                                          const std::string& name) {
    v1::GetHistoryRequest request;
    request.set_name(name);
    return Ask(*As<v1::AuditService>(path), &v1::AuditService::Stub::GetHistory, request);
  }
  // What becomes of `field`, each as "before -> after".
  static std::vector<std::string> ChangesOf(const std::string& path, const std::string& name,
                                            const std::string& field) {
    const auto history = HistoryOf(path, name);
    EXPECT_OK(history) << name;
    std::vector<std::string> changes;
    if (!history.ok()) return changes;
    for (const v1::HistoryEntry& entry : history->entries()) {
      for (const v1::FieldChange& change : entry.changes()) {
        if (change.field() != field) continue;
        changes.push_back(absl::StrCat(change.before(), " -> ", change.after()));
      }
    }
    return changes;
  }
  // To an auditor of another union it is as what is not there.
  static void ExpectHidden(const std::string& name, const std::string& path = kOtherAuditor) {
    const auto hidden = HistoryOf(path, name);
    EXPECT_THAT(hidden, Refuses(Reason::kNotFound)) << name;
    EXPECT_EQ(hidden.status(), HistoryOf(path, "unions/nowhere").status()) << name;
  }
  // A member of fh-1 orders what can be picked up, and the merchant accepts.
  static std::string AcceptedOrder() {
    const auto catalog = As<v1::CatalogService>(absl::StrCat("/merchant/", own_->merchant));
    auto create = New<v1::CreateOfferRequest>();
    create.mutable_offer()->set_merchant(own_->merchant);
    create.mutable_offer()->set_title("中秋月饼");
    create.mutable_offer()->mutable_item()->set_price_points(100);
    create.mutable_offer()->add_fulfilments(v1::FULFILMENT_KIND_PICK_UP);
    create.mutable_offer()->set_transferable(true);
    create.mutable_offer()->set_last_day("9000-12-31");
    create.set_stock(3);
    const auto created = Ask(*catalog, &v1::CatalogService::Stub::CreateOffer, create);
    EXPECT_OK(created);
    auto publish = New<v1::PublishOfferRequest>();
    publish.set_name(created->offer().name());
    const auto published = Ask(*catalog, &v1::CatalogService::Stub::PublishOffer, publish);
    EXPECT_OK(published);
    auto place = New<v1::PlaceOrderRequest>();
    place.set_parent(own_->members[0]);
    place.set_offer(published->offer().name());
    place.set_offer_version(published->offer().version());
    place.set_quantity(1);
    place.set_fulfilment(v1::FULFILMENT_KIND_PICK_UP);
    place.set_store(own_->store);
    const auto placed = Ask(*As<v1::OrderService>(absl::StrCat("/member/", own_->members[0])),
                            &v1::OrderService::Stub::PlaceOrder, place);
    EXPECT_OK(placed);
    auto accept = New<v1::AcceptOrderRequest>();
    accept.set_name(placed->order().name());
    EXPECT_OK(Ask(*As<v1::OrderService>(absl::StrCat("/merchant/", own_->merchant)),
                  &v1::OrderService::Stub::AcceptOrder, accept));
    return placed->order().name();
  }
  static void GiveOn(const std::string& voucher, const std::string& from, const std::string& to) {
    auto transfer = New<v1::TransferVoucherRequest>();
    transfer.set_name(voucher);
    transfer.set_recipient(to);
    ASSERT_OK(Ask(*As<v1::VoucherService>(absl::StrCat("/member/", from)),
                  &v1::VoucherService::Stub::TransferVoucher, transfer));
  }
};

TEST_F(HistoryWireTest, AnOrderAndItsVoucherAreTheirMembersUnions) {
  const std::string order = AcceptedOrder();
  const std::string voucher = order + "/voucher";
  ASSERT_NO_FATAL_FAILURE(GiveOn(voucher, own_->members[0], other_->members[0]));
  ASSERT_NO_FATAL_FAILURE(GiveOn(voucher, other_->members[0], own_->members[1]));
  for (const char* const path : {"/auditor", kOwnAuditor}) {
    EXPECT_THAT(ChangesOf(path, order, "state"), ElementsAre(" -> PLACED", "PLACED -> ACCEPTED"));
    EXPECT_THAT(ChangesOf(path, voucher, "state"), ElementsAre(" -> ACTIVE"));
  }
  EXPECT_THAT(ChangesOf("/auditor", voucher, "holder"),
              Contains(HasSubstr(absl::StrCat("-> ", other_->members[0]))));
  ASSERT_OK_AND_ASSIGN(const auto told, HistoryOf(kOwnAuditor, order));
  EXPECT_EQ(told.entries_size(), 4);
  EXPECT_THAT(told.DebugString(), Not(HasSubstr(other_->members[0])))
      << "neither as who has it nor as who gave it on";
  ExpectHidden(order);
  ExpectHidden(voucher);
}

TEST_F(HistoryWireTest, ADeviceIsEnrolledAndRevoked) {
  const std::string& member = own_->members[2];
  const auto devices = As<v1::DeviceService>(absl::StrCat("/member/", member));
  auto enrol = New<v1::EnrolDeviceRequest>();
  enrol.set_parent(member);
  ASSERT_OK_AND_ASSIGN(const auto enrolled,
                       Ask(*devices, &v1::DeviceService::Stub::EnrolDevice, enrol));
  const std::string device = enrolled.device().name();
  EXPECT_THAT(ChangesOf(kOwnAuditor, device, "state"), ElementsAre(" -> ACTIVE"));
  auto revoke = New<v1::RevokeDeviceRequest>();
  revoke.set_name(device);
  ASSERT_OK(Ask(*devices, &v1::DeviceService::Stub::RevokeDevice, revoke));
  EXPECT_THAT(ChangesOf(kOwnAuditor, device, "state"),
              ElementsAre(" -> ACTIVE", "ACTIVE -> REVOKED"));
  ExpectHidden(device);
}

TEST_F(HistoryWireTest, ANoticeIsPublishedAndWithdrawn) {
  const auto notices = As<v1::NoticeService>("/union-admin/unions/fh-1/people/adm-1");
  auto publish = New<v1::PublishNoticeRequest>();
  publish.mutable_notice()->set_union_("unions/fh-1");
  publish.mutable_notice()->set_title("平安返厦");
  publish.mutable_notice()->set_text("请提前登记");
  publish.mutable_notice()->set_last_day("9000-12-31");
  ASSERT_OK_AND_ASSIGN(const auto published,
                       Ask(*notices, &v1::NoticeService::Stub::PublishNotice, publish));
  auto withdraw = New<v1::WithdrawNoticeRequest>();
  withdraw.set_name(published.notice().name());
  ASSERT_OK(Ask(*notices, &v1::NoticeService::Stub::WithdrawNotice, withdraw));
  EXPECT_THAT(ChangesOf(kOwnAuditor, published.notice().name(), "state"),
              ElementsAre(" -> PUBLISHED", "PUBLISHED -> WITHDRAWN"));
  EXPECT_THAT(ChangesOf(kOwnAuditor, published.notice().name(), "title"),
              ElementsAre(" -> 平安返厦"));
  ExpectHidden(published.notice().name());
}

TEST_F(HistoryWireTest, AnApplicationIsSubmittedAndRejected) {
  const auto admin = As<v1::MemberService>("/union-admin/unions/fh-1/people/adm-1");
  auto submit = New<v1::SubmitApplicationRequest>();
  submit.set_parent("unions/fh-1");
  *submit.mutable_applicant() = Person(907);
  const auto hr = As<v1::MemberService>("/hr/unions/fh-1/people/hr-1");
  ASSERT_OK_AND_ASSIGN(const auto submitted,
                       Ask(*hr, &v1::MemberService::Stub::SubmitApplication, submit));
  const std::string name = submitted.application().name();
  auto decide = New<v1::DecideApplicationRequest>();
  decide.set_name(name);
  decide.set_decision(v1::DecideApplicationRequest::DECISION_REJECT);
  decide.set_reason("works elsewhere");
  ASSERT_OK(Ask(*admin, &v1::MemberService::Stub::DecideApplication, decide));
  EXPECT_THAT(ChangesOf(kOwnAuditor, name, "state"),
              ElementsAre(" -> SUBMITTED", "SUBMITTED -> REJECTED"));
  ExpectHidden(name);
}

TEST_F(HistoryWireTest, LimitsAreInTheHistoryOfWhomTheyAreFor) {
  const auto limits = As<v1::AdminService>("/operator");
  std::int64_t points = 1'000'000;  // Which stop nobody.
  for (const auto& [subject, name] :
       std::map<v1::LimitSubject, std::string>{{v1::LIMIT_SUBJECT_TERMINAL, own_->terminal},
                                               {v1::LIMIT_SUBJECT_MERCHANT, own_->merchant},
                                               {v1::LIMIT_SUBJECT_MEMBER, own_->members[2]}}) {
    auto set = New<v1::SetLimitsRequest>();
    set.mutable_limits()->set_subject(subject);
    set.mutable_limits()->set_name(name);
    v1::Limit& limit = *set.mutable_limits()->add_limits();
    limit.set_window(v1::LIMIT_WINDOW_DAY);
    limit.set_points_max(++points);
    ASSERT_OK(Ask(*limits, &v1::AdminService::Stub::SetLimits, set));
    EXPECT_THAT(ChangesOf(kOwnAuditor, name, "limits.DAY.points_max"),
                ElementsAre(absl::StrCat(" -> ", points)))
        << name;
  }
}

TEST_F(HistoryWireTest, AMandateIsForWhoSeesTheWholeLedger) {
  const auto supervisor = As<v1::AccessService>("/supervisor/people/s-1");
  auto grant = New<v1::GrantMandateRequest>();
  v1::Mandate& mandate = *grant.mutable_mandate();
  mandate.set_auditor("people/a-7");
  mandate.set_in_union("unions/fh-1");
  mandate.mutable_from_time()->set_seconds(1);
  mandate.mutable_until_time()->set_seconds(4'000'000'000);
  mandate.mutable_valid_until_time()->set_seconds(4'000'000'000);
  ASSERT_OK(Ask(*supervisor, &v1::AccessService::Stub::GrantMandate, grant));
  auto revoke = New<v1::RevokeMandateRequest>();
  revoke.set_auditor("people/a-7");
  ASSERT_OK(Ask(*supervisor, &v1::AccessService::Stub::RevokeMandate, revoke));
  EXPECT_THAT(ChangesOf("/auditor", "people/a-7", "state"),
              ElementsAre(" -> GRANTED", "GRANTED -> REVOKED"));
  EXPECT_THAT(ChangesOf("/auditor", "people/a-7", "union"), ElementsAre(" -> unions/fh-1"));
  ExpectHidden("people/a-7", kOwnAuditor);
}

}  // namespace
}  // namespace puhui
