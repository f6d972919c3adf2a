// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_NOTICE_SERVICE_H_
#define PUHUI_SERVICES_MARKET_NOTICE_SERVICE_H_

#include "issuing/app/vault.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/offer_queries.h"
#include "puhui/v1/notice_service.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/ledger_call.h"
#include "services/ledger/names.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <memory>

namespace puhui::services {

// What members are told. Threads: safe. Borrows: its parts.
class NoticeService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::OfferDesk desk;     // Of the engine's fold: for commands. Its zone is the operator's.
    const issuing::Vault* vault;  // What audiences ask of members.
    const PageTokens* tokens;
    const UnionTree* tree;
  };
  explicit NoticeService(Parts parts);
  ~NoticeService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServePublish(Calls& calls);
  void ServeWithdraw(Calls& calls);
  void ServeLists(Calls& calls);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadPublish(const CallContext& call, const v1::PublishNoticeRequest& request) const;
  MaybeCommand ReadWithdraw(const CallContext& call,
                            const v1::WithdrawNoticeRequest& request) const;
  // Who speaks, and in which zone. Refuses: kNotFound.
  struct Author {
    UnionNumber number{};  // None: the operator.
    absl::TimeZone zone{};
  };
  absl::StatusOr<Author> ReadAuthor(const CallContext& call, absl::string_view union_name,
                                    const ledger::Readable& store) const;
  // Whether the caller may see what the union, or the operator, told.
  absl::StatusOr<bool> Sees(const Principal& principal, UnionNumber author, Names& names) const;

  absl::StatusOr<v1::ListNoticesResponse> DoListNotices(
      const CallContext& call, const v1::ListNoticesRequest& request) const;
  absl::StatusOr<v1::ListMyNoticesResponse> DoListMyNotices(
      const CallContext& call, const v1::ListMyNoticesRequest& request) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_NOTICE_SERVICE_H_
