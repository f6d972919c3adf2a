// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/search_load.h"

#include "ledger/base/give_way.h"
#include "ledger/base/mutex.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/catalog_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/search_service.grpc.pb.h"
#include "tests/bench/connections.h"
#include "tests/bench/offer_filler.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include <algorithm>
#include <functional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::bench {
namespace {

constexpr std::size_t kSearchers = 2;
constexpr std::size_t kWriters = 4;
constexpr absl::Duration kIndexPatience = absl::Minutes(10);
constexpr absl::Duration kLookEvery = absl::Milliseconds(50);
constexpr std::int32_t kPageSize = 20;

absl::StatusOr<std::string> FirstMember(v1::MemberService::Stub& members) {
  v1::ListMembersRequest request;
  request.set_parent("unions/bench");
  request.set_page_size(1);
  v1::ListMembersResponse response;
  grpc::ClientContext context;
  PUHUI_RETURN_IF_ERROR(ToStatus(members.ListMembers(&context, request, &response)));
  if (response.members().empty()) return absl::NotFoundError("there is no member");
  return response.members(0).name();
}

// Half of them one frequent or rare word, others two words, one in ten everything.
v1::SearchOffersRequest AnySearch(const std::string& member, std::mt19937_64& random) {
  const auto word = [&random] {
    const double place = static_cast<double>(random() % 1'000'000) / 1'000'000;
    return OfferWord(static_cast<std::size_t>(place * place * place * kOfferWords));
  };
  v1::SearchOffersRequest request;
  request.set_member(member);
  request.set_page_size(kPageSize);
  const std::uint64_t kind = random() % 10;
  if (kind > 0) request.set_text(word());
  if (kind > 6) request.set_text(request.text() + " " + word());
  if (random() % 3 == 0) request.set_region(absl::StrCat(350'203 + random() % 7));
  if (random() % 3 == 0) {
    request.mutable_near()->set_latitude_micros(24'500'000);
    request.mutable_near()->set_longitude_micros(118'100'000);
  }
  return request;
}

struct Shared {
  Mutex mutex;
  std::vector<double> micros ABSL_GUARDED_BY(mutex);
  std::vector<std::int64_t> found ABSL_GUARDED_BY(mutex);
  std::uint64_t updates ABSL_GUARDED_BY(mutex) = 0;
  absl::Status failed ABSL_GUARDED_BY(mutex);
};

// Calls `body` at a steady pace until the end; a status that is not OK ends it.
void AtPace(double per_second, absl::Duration duration, Shared& shared,
            const std::function<absl::Status(absl::Time due)>& body) {
  const absl::Time begun = absl::Now();
  if (per_second <= 0) return;
  for (std::uint64_t i = 0;; ++i) {
    const absl::Time due = begun + absl::Seconds(static_cast<double>(i) / per_second);
    if (due >= begun + duration) return;
    absl::SleepFor(due - absl::Now());
    if (const absl::Status status = body(due); !status.ok()) {
      MutexLock lock(&shared.mutex);
      shared.failed.Update(status);
      return;
    }
  }
}

void SearchOn(const SearchLoad& load, const std::string& member, std::size_t number,
              Shared& shared) {
  const auto stub = v1::SearchService::NewStub(load.hr);
  std::mt19937_64 random(number + 1'000);
  AtPace(load.searches_per_second / kSearchers, load.duration, shared, [&](absl::Time due) {
    v1::SearchOffersResponse response;
    grpc::ClientContext context;
    PUHUI_RETURN_IF_ERROR(
        ToStatus(stub->SearchOffers(&context, AnySearch(member, random), &response)));
    const double micros = absl::ToDoubleMicroseconds(absl::Now() - due);
    MutexLock lock(&shared.mutex);
    shared.micros.push_back(micros);
    shared.found.push_back(response.total());
    return absl::OkStatus();
  });
}

void ChangeOn(const SearchLoad& load, std::size_t number, Shared& shared) {
  const auto stub = v1::CatalogService::NewStub(load.its_operator);
  std::mt19937_64 random(static_cast<std::uint64_t>(absl::ToUnixMicros(absl::Now())) + number);
  AtPace(load.updates_per_second / kWriters, load.duration, shared, [&](absl::Time /*due*/) {
    const std::size_t offer = random() % load.offers;
    const OfferTexts texts = TextsOfOffer(offer, random());
    v1::UpdateOfferRequest request;
    request.set_request_id(absl::StrFormat("%08x-0000-4000-8000-%012x", random() >> 32U,
                                           random() & 0xffff'ffff'ffffU));
    request.mutable_offer()->set_name(absl::StrCat("offers/", offer + 1));
    request.mutable_offer()->set_title(texts.title);
    request.mutable_offer()->set_text(texts.text);
    request.mutable_update_mask()->add_paths("title");
    request.mutable_update_mask()->add_paths("text");
    v1::UpdateOfferResponse response;
    grpc::ClientContext context;
    PUHUI_RETURN_IF_ERROR(ToStatus(stub->UpdateOffer(&context, request, &response)));
    MutexLock lock(&shared.mutex);
    ++shared.updates;
    return absl::OkStatus();
  });
}

absl::Status AwaitIndex(const SearchLoad& load, const std::string& member) {
  const auto stub = v1::SearchService::NewStub(load.hr);
  const absl::Time patience = absl::Now() + kIndexPatience;
  v1::SearchOffersRequest request;
  request.set_member(member);
  request.set_page_size(1);
  request.set_text("超市");  // Of every merchant.
  while (absl::Now() < patience) {
    v1::SearchOffersResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->SearchOffers(&context, request, &response);
    if (status.ok() && response.total() == static_cast<std::int64_t>(load.offers)) {
      return absl::OkStatus();
    }
    if (!status.ok() && status.error_code() != grpc::StatusCode::UNAVAILABLE) {
      return ToStatus(status);
    }
    absl::SleepFor(kLookEvery);
  }
  return absl::DeadlineExceededError("the index was not built");
}

template <class T>
double QuantileOf(std::vector<T> values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return static_cast<double>(values[at]);
}

}  // namespace

std::string SearchReport::ToJson() const {
  return absl::StrFormat(
      R"({"index_seconds":%.2f,"searches":%d,"found":%.0f,"p50_us":%.0f,"p99_us":%.0f,"updates_per_second":%.1f})",
      index_seconds, searches, found, p50_us, p99_us, update_rate);
}

absl::StatusOr<SearchReport> RunSearches(const SearchLoad& load) {
  const auto members = v1::MemberService::NewStub(load.hr);
  PUHUI_ASSIGN_OR_RETURN(const std::string member, FirstMember(*members));
  SearchReport report;
  const absl::Time begun = absl::Now();
  PUHUI_RETURN_IF_ERROR(AwaitIndex(load, member));
  report.index_seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  Shared shared;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kSearchers; ++i) {
    threads.emplace_back([&, i] {
      ComeFirst();  // Whoever searches has a machine of their own.
      SearchOn(load, member, i, shared);
    });
  }
  for (std::size_t i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] { ChangeOn(load, i, shared); });
  }
  for (std::thread& thread : threads) thread.join();
  MutexLock lock(&shared.mutex);
  PUHUI_RETURN_IF_ERROR(shared.failed);
  report.searches = shared.micros.size();
  report.found = QuantileOf(shared.found, 0.5);
  report.p50_us = QuantileOf(shared.micros, 0.5);
  report.p99_us = QuantileOf(shared.micros, 0.99);
  report.update_rate =
      static_cast<double>(shared.updates) / std::max(absl::ToDoubleSeconds(load.duration), 0.001);
  return report;
}

}  // namespace puhui::bench
