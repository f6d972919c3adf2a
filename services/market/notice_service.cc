// SPDX-License-Identifier: Apache-2.0
#include "services/market/notice_service.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/notice_commands.h"
#include "merchant/app/offer_records.h"
#include "services/ledger/member_profiles.h"
#include "services/market/notice_convert.h"
#include "services/market/notice_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// As its record says, before anything else becomes of it.
absl::StatusOr<v1::Notice> NoticeAsOf(const journal::v1::Record& record, Names& names) {
  const journal::v1::NoticePublished& published = record.notice_published();
  return NoticeOf(merchant::NoticeNumber{published.notice()},
                  {.union_number = UnionNumber{published.union_number()},
                   .title = published.title(),
                   .text = published.text(),
                   .publish_time = absl::FromUnixMicros(record.time_micros()),
                   .audience = merchant::AudienceOf(published.audience()),
                   .window = merchant::WindowOf(published.window())},
                  names);
}

// Fills a page with the notices of `from`, the newest first, that `shows` lets through.
// Whatever is shown, no more than kNoticesPerPageMax are looked at.
template <class Response, class Shows>
absl::StatusOr<merchant::NoticeNumber> FillPage(const std::vector<merchant::FoundNotice>& notices,
                                                std::size_t page_size, Names& names, Shows shows,
                                                Response* response) {
  merchant::NoticeNumber last{};
  for (const merchant::FoundNotice& notice : notices) {
    if (static_cast<std::size_t>(response->notices_size()) == page_size) return last;
    last = notice.number;
    PUHUI_ASSIGN_OR_RETURN(const bool shown, shows(notice.row));
    if (!shown) continue;
    PUHUI_ASSIGN_OR_RETURN(*response->add_notices(), NoticeOf(notice.number, notice.row, names));
  }
  // All were looked at: others follow only if there were as many as one call takes.
  return notices.size() == kNoticesPerPageMax ? last : merchant::NoticeNumber{};
}

template <class Response>
void SealNext(const PageTokens& tokens, const std::string& filter, merchant::NoticeNumber last,
              Response* response) {
  if (last == merchant::NoticeNumber{}) return;
  response->set_next_page_token(
      tokens.Seal(filter, absl::StrCat(static_cast<std::uint32_t>(last))));
}

}  // namespace

NoticeService::NoticeService(Parts parts)
    : parts_(std::move(parts)), wire_(std::make_unique<Wire>()) {}

NoticeService::~NoticeService() = default;

void NoticeService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  ServePublish(calls);
  ServeWithdraw(calls);
  ServeLists(calls);
}

void NoticeService::ServePublish(Calls& calls) {
  calls.UnaryLater(Rpc::kPublishNotice, wire_.get(), &Wire::RequestPublishNotice,
                   [this](const CallContext& call, const v1::PublishNoticeRequest& asked,
                          v1::PublishNoticeResponse* answer, Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadPublish(call, asked), answer,
                                std::move(done),
                                [engine = parts_.ledger.engine](const ledger::Outcome& outcome,
                                                                v1::PublishNoticeResponse* out) {
                                  Names names(&engine->Latest());
                                  PUHUI_ASSIGN_OR_RETURN(*out->mutable_notice(),
                                                         NoticeAsOf(outcome.first(), names));
                                  return absl::OkStatus();
                                });
                   });
}

void NoticeService::ServeWithdraw(Calls& calls) {
  calls.UnaryLater(
      Rpc::kWithdrawNotice, wire_.get(), &Wire::RequestWithdrawNotice,
      [this](const CallContext& call, const v1::WithdrawNoticeRequest& asked,
             v1::WithdrawNoticeResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadWithdraw(call, asked), answer, std::move(done),
                   [](const ledger::Outcome& /*outcome*/, v1::WithdrawNoticeResponse* /*out*/) {
                     return absl::OkStatus();
                   });
      });
}

void NoticeService::ServeLists(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListNotices, wire_.get(), &Wire::RequestListNotices,
                      [this](const CallContext& call, const v1::ListNoticesRequest& asked) {
                        return DoListNotices(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListMyNotices, wire_.get(), &Wire::RequestListMyNotices,
                      [this](const CallContext& call, const v1::ListMyNoticesRequest& asked) {
                        return DoListMyNotices(call, asked);
                      });
}

absl::StatusOr<NoticeService::Author> NoticeService::ReadAuthor(
    const CallContext& call, absl::string_view union_name, const ledger::Readable& store) const {
  // Only the operator speaks to everybody.
  if (union_name.empty()) {
    if (call.principal().role == Role::kOperator) return Author{.zone = parts_.desk.merchant_zone};
    return NotFound("union");
  }
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(union_name, "notice.union"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  if (!found.has_value()) return NotFound("union");
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionSettings settings,
                         issuing::SettingsReader(&store).Of(found->number, found->row));
  Author author{.number = found->number};
  if (absl::LoadTimeZone(settings.time_zone, &author.zone)) return author;
  return InvalidField("notice.last_day",
                      absl::StrCat("want days of a zone whose rules are known here; that of the ",
                                   "union is ", settings.time_zone));
}

NoticeService::MaybeCommand NoticeService::ReadPublish(
    const CallContext& call, const v1::PublishNoticeRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(NoticeDraft draft, ReadNotice(request.notice()));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const Author author, ReadAuthor(call, request.notice().union_(), store));
  merchant::PublishNoticeCommand::Wish& wish = draft.wish;
  wish.union_number = author.number;
  wish.window = merchant::ResolveWindow(wish.window.first_day, wish.window.last_day, author.zone);
  wish.person = call.principal().person;
  PUHUI_ASSIGN_OR_RETURN(wish.audience, ResolveAudience(draft.audience, "notice.audience", store));
  return std::make_unique<merchant::PublishNoticeCommand>(parts_.desk.tables, std::move(wish));
}

absl::StatusOr<bool> NoticeService::Sees(const Principal& principal, UnionNumber author,
                                         Names& names) const {
  if (author == UnionNumber{}) return AllowWholeLedger(principal).ok();
  PUHUI_ASSIGN_OR_RETURN(const std::string name, names.OfUnion(author));
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, "union"));
  return AllowUnion(principal, id, *parts_.tree).ok();
}

NoticeService::MaybeCommand NoticeService::ReadWithdraw(
    const CallContext& call, const v1::WithdrawNoticeRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, ParseNoticeName(request.name(), "name"));
  const ledger::Readable& store = parts_.ledger.engine->Latest();
  const merchant::NoticeNumber notice{number};
  PUHUI_ASSIGN_OR_RETURN(const auto row, merchant::FindNotice(store, notice));
  if (!row.has_value()) return NotFound("notice");
  Names names(&store);
  PUHUI_ASSIGN_OR_RETURN(const bool sees, Sees(call.principal(), row->union_number, names));
  if (!sees) return NotFound("notice");
  return std::make_unique<merchant::WithdrawNoticeCommand>(parts_.desk.tables, notice,
                                                           call.principal().person);
}

absl::StatusOr<v1::ListNoticesResponse> NoticeService::DoListNotices(
    const CallContext& call, const v1::ListNoticesRequest& request) const {
  absl::optional<UnionId> only;
  if (!request.union_().empty()) {
    PUHUI_ASSIGN_OR_RETURN(only, ParseUnionName(request.union_(), "union"));
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto before, NumberIn<std::uint32_t>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  UnionNumber of{};
  if (only.has_value()) {
    PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), *only, *parts_.tree));
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, only->text()));
    if (!found.has_value()) return NotFound("union");
    of = found->number;
  }
  PUHUI_ASSIGN_OR_RETURN(
      const auto notices,
      merchant::ListNotices(*store, merchant::NoticeNumber{before}, kNoticesPerPageMax));
  Names names(store.get());
  v1::ListNoticesResponse response;
  const auto shows = [&](const merchant::NoticeRow& row) -> absl::StatusOr<bool> {
    if (only.has_value()) return row.union_number == of;
    return Sees(call.principal(), row.union_number, names);
  };
  PUHUI_ASSIGN_OR_RETURN(const merchant::NoticeNumber last,
                         FillPage(notices, page_size, names, shows, &response));
  SealNext(*parts_.tokens, filter, last, &response);
  return response;
}

absl::StatusOr<v1::ListMyNoticesResponse> NoticeService::DoListMyNotices(
    const CallContext& call, const v1::ListMyNoticesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto before, NumberIn<std::uint32_t>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  MemberProfileReader member(store.get(), parts_.vault, call.principal().member_id);
  PUHUI_ASSIGN_OR_RETURN(const bool is_member, member.IsFor({}));
  if (!is_member) return NotFound("member");
  PUHUI_ASSIGN_OR_RETURN(
      const auto notices,
      merchant::ListNotices(*store, merchant::NoticeNumber{before}, kNoticesPerPageMax));
  Names names(store.get());
  const absl::Time now = parts_.ledger.engine->Now();
  v1::ListMyNoticesResponse response;
  const auto shows = [&](const merchant::NoticeRow& row) -> absl::StatusOr<bool> {
    if (row.withdraw_time.has_value() || !row.window.OpenAt(now)) return false;
    if (row.union_number != UnionNumber{}) {
      PUHUI_ASSIGN_OR_RETURN(const bool within, member.IsWithin(row.union_number));
      if (!within) return false;
    }
    return member.IsFor(row.audience);
  };
  PUHUI_ASSIGN_OR_RETURN(const merchant::NoticeNumber last,
                         FillPage(notices, page_size, names, shows, &response));
  for (v1::Notice& notice : *response.mutable_notices()) notice.clear_audience();
  SealNext(*parts_.tokens, filter, last, &response);
  return response;
}

}  // namespace puhui::services
