// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_UNIONS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_UNIONS_H_

#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/unit/services/cli/script.h"

#include <grpcpp/server_context.h>

#include <string>

namespace puhui::services {

// Does what its script says. Threads: as Script. Borrows: the script.
class FakeUnions final : public v1::UnionService::Service {
 public:
  explicit FakeUnions(Script& script) : script_(script) {}
  grpc::Status CreateUnion(grpc::ServerContext*, const v1::CreateUnionRequest* request,
                           v1::CreateUnionResponse* response) override {
    script_.created = *request;
    script_.request_ids.push_back(request->request_id());
    response->mutable_union_()->set_name("unions/" + request->union_id());
    response->mutable_union_()->set_display_name(request->display_name());
    response->mutable_union_()->set_kind(request->kind());
    v1::Budget& budget = *response->mutable_union_()->add_budgets();
    budget.set_origin("unions/" + request->union_id());
    budget.set_points(60'000);
    return script_.Next();
  }
  // Two pages: fh-1 and its child, then a closed grandchild.
  grpc::Status ListUnions(grpc::ServerContext*, const v1::ListUnionsRequest* request,
                          v1::ListUnionsResponse* response) override {
    script_.listed = *request;
    if (request->page_token().empty()) {
      AddNode("fh-1", "飞虹机械厂工会", 0, v1::UNION_STATE_OPEN, response);
      AddNode("fh-1-a", "装配车间", 1, v1::UNION_STATE_OPEN, response);
      response->set_next_page_token("next");
    } else {
      AddNode("fh-1-a-b", "三班", 2, v1::UNION_STATE_CLOSED, response);
    }
    return script_.Next();
  }
  grpc::Status UpdateUnion(grpc::ServerContext*, const v1::UpdateUnionRequest* request,
                           v1::UpdateUnionResponse* response) override {
    script_.updated = *request;
    *response->mutable_union_() = request->union_();
    return script_.Next();
  }
  grpc::Status MoveUnion(grpc::ServerContext*, const v1::MoveUnionRequest* request,
                         v1::MoveUnionResponse* response) override {
    script_.moved = *request;
    response->set_name(request->name());
    response->set_parent(request->parent());
    response->set_former_parent("unions/city-1");
    return script_.Next();
  }
  grpc::Status CloseUnion(grpc::ServerContext*, const v1::CloseUnionRequest* request,
                          v1::CloseUnionResponse* response) override {
    script_.closed = *request;
    response->set_name(request->name());
    return script_.Next();
  }
  grpc::Status ConfirmFunding(grpc::ServerContext*, const v1::ConfirmFundingRequest* request,
                              v1::ConfirmFundingResponse* response) override {
    *response->mutable_funding() = FundingOf(request->name(), v1::FUNDING_STATE_CONFIRMED);
    return script_.Next();
  }
  grpc::Status RejectFunding(grpc::ServerContext*, const v1::RejectFundingRequest* request,
                             v1::RejectFundingResponse* response) override {
    script_.rejected_funding = *request;
    *response->mutable_funding() = FundingOf(request->name(), v1::FUNDING_STATE_REJECTED);
    response->mutable_funding()->set_reason(request->reason());
    return script_.Next();
  }
  grpc::Status GetFunding(grpc::ServerContext*, const v1::GetFundingRequest* request,
                          v1::GetFundingResponse* response) override {
    *response->mutable_funding() = FundingOf(request->name(), v1::FUNDING_STATE_PROPOSED);
    return script_.Next();
  }
  // One that waits, one that was rejected and one that was withdrawn.
  grpc::Status ListFundings(grpc::ServerContext*, const v1::ListFundingsRequest* request,
                            v1::ListFundingsResponse* response) override {
    script_.listed_fundings = *request;
    *response->add_fundings() =
        FundingOf(request->union_() + "/fundings/3", v1::FUNDING_STATE_PROPOSED);
    *response->add_fundings() =
        FundingOf(request->union_() + "/fundings/5", v1::FUNDING_STATE_REJECTED);
    *response->add_fundings() = response->fundings(1);
    response->mutable_fundings(2)->set_decider(response->fundings(2).proposer());
    return script_.Next();
  }
  grpc::Status AllocateBudget(grpc::ServerContext*, const v1::AllocateBudgetRequest* request,
                              v1::AllocateBudgetResponse* response) override {
    script_.allocated = *request;
    v1::BudgetTransfer& transfer = *response->mutable_transfer();
    transfer.set_points(request->points());
    v1::Budget& line = *transfer.add_lines();
    line.set_origin("unions/province-1");
    line.set_points(request->points());
    return script_.Next();
  }
  grpc::Status ReturnBudget(grpc::ServerContext*, const v1::ReturnBudgetRequest* request,
                            v1::ReturnBudgetResponse*) override {
    script_.returned = *request;
    return script_.Next();
  }
  // Two origins, one a page.
  grpc::Status GetBudget(grpc::ServerContext*, const v1::GetBudgetRequest* request,
                         v1::GetBudgetResponse* response) override {
    script_.budget = *request;
    response->set_points(90'000);
    v1::Budget& line = *response->add_lines();
    line.set_origin(request->page_token().empty() ? "unions/city-1" : "unions/fh-1");
    line.set_points(45'000);
    if (request->page_token().empty()) response->set_next_page_token("next");
    return script_.Next();
  }
  // Of a union of which nothing was granted yet; of any other somebody had two grants.
  grpc::Status GetUnionReport(grpc::ServerContext*, const v1::GetUnionReportRequest* request,
                              v1::GetUnionReportResponse* response) override {
    script_.union_report = *request;
    response->mutable_report()->set_union_(request->name());
    if (request->name() == "unions/fh-1") return script_.Next();
    v1::Figures& figures = *response->mutable_report()->mutable_figures();
    figures.set_grants(4);
    figures.set_grants_spent(1);
    figures.set_members_received(3);
    figures.set_members_spent(1);
    return script_.Next();
  }

 private:
  static v1::Funding FundingOf(const std::string& name, v1::FundingState state) {
    v1::Funding funding;
    funding.set_name(name);
    funding.set_points(60'000);
    funding.set_bank_reference("ICBC-1");
    funding.set_state(state);
    funding.set_confirmed(state == v1::FUNDING_STATE_CONFIRMED);
    funding.set_proposer("people/fin-1");
    if (state != v1::FUNDING_STATE_PROPOSED) funding.set_decider("people/fin-2");
    return funding;
  }
  static void AddNode(const std::string& id, const std::string& display_name, int level,
                      v1::UnionState state, v1::ListUnionsResponse* response) {
    v1::UnionNode& node = *response->add_nodes();
    node.set_level(level);
    node.mutable_union_()->set_name("unions/" + id);
    node.mutable_union_()->set_display_name(display_name);
    node.mutable_union_()->set_kind(v1::UNION_KIND_GROUP);
    node.mutable_union_()->set_state(state);
  }

  Script& script_;
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_FAKE_UNIONS_H_
