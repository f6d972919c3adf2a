// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_

#include "ledger/base/clock.h"
#include "ledger/base/random.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/ledger_rows.h"
#include "merchant/app/tables.h"
#include "puhui/v1/merchant_service.pb.h"
#include "services/auth/certificate_authority.h"
#include "services/ledger/ledger_call.h"
#include "services/merchant/merchant_categories.h"
#include "services/rpc/calls.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {

// Who sells, where, and the devices that ask. Threads: safe. Borrows: its parts.
class MerchantService final {
 public:
  struct Parts {
    LedgerAccess ledger;
    merchant::Tables* tables;
    const CertificateAuthority* authority;
    std::string trust_domain;
    absl::Duration terminal_validity;
    absl::TimeZone zone;  // Of the days of agreements, and of stores that say nothing.
    MerchantCategories categories;
    absl::Duration enrolment_code_lifetime;
    const ledger::KeyedHash* code_key;  // Of enrolment codes.
    const PageTokens* tokens;
    const Clock* clock;
    RandomSource* random;
  };
  explicit MerchantService(Parts parts);
  ~MerchantService();

  void Serve(Calls& calls);

 private:
  struct Wire;  // What gRPC generated; it takes long to compile, so few files see it.
  void ServeRegisterMerchant(Calls& calls);
  void ServeGetMerchant(Calls& calls);
  void ServeCreateStore(Calls& calls);
  void ServeLocateStore(Calls& calls);
  // Applying, deciding and listing.
  void ServeApplications(Calls& calls);
  // Codes, enrolling with and without one, and reading what became of that.
  void ServeEnrolment(Calls& calls);
  void ServeCreateEnrolmentCode(Calls& calls);
  void ServeEnrollTerminal(Calls& calls);
  // SetAgreement, and suspending, resuming and closing.
  void ServeLife(Calls& calls);
  template <class Request, class Response, class Method>
  void ServeChange(Calls& calls, Rpc rpc, Method method, merchant::MerchantState state);
  // Blocking, unblocking, retiring and renewing.
  void ServeTerminalLife(Calls& calls);
  template <class Request, class Response, class Method>
  void ServeTerminalChange(Calls& calls, Rpc rpc, Method method, merchant::TerminalState state);

  using MaybeCommand = absl::StatusOr<std::unique_ptr<ledger::Command>>;
  MaybeCommand ReadRegister(const v1::RegisterMerchantRequest& request) const;
  MaybeCommand ReadLocateStore(const CallContext& call,
                               const v1::LocateStoreRequest& request) const;
  MaybeCommand ReadCreateStore(const CallContext& call,
                               const v1::CreateStoreRequest& request) const;
  MaybeCommand ReadApply(const CallContext& call, const v1::ApplyMerchantRequest& request) const;
  MaybeCommand ReadDecide(const CallContext& call, const v1::DecideMerchantRequest& request) const;
  MaybeCommand ReadCreateCode(const CallContext& call,
                              const v1::CreateEnrolmentCodeRequest& request,
                              absl::string_view code) const;
  MaybeCommand ReadEnroll(const CallContext& call, const v1::EnrollTerminalRequest& request) const;
  MaybeCommand ReadAgreement(const CallContext& call, const v1::SetAgreementRequest& request) const;
  template <class Request>
  MaybeCommand ReadChange(const CallContext& call, const Request& request,
                          merchant::MerchantState state) const;
  template <class Request>
  MaybeCommand ReadTerminalChange(const CallContext& call, const Request& request,
                                  merchant::TerminalState state) const;
  MaybeCommand ReadRenew(const CallContext& call, const v1::RenewTerminalRequest& request) const;
  // The certificate of a terminal, whatever the request asks to be called.
  absl::StatusOr<std::string> Certify(absl::string_view csr_pem, const MerchantId& merchant,
                                      const TerminalId& terminal) const;
  absl::StatusOr<v1::GetMerchantResponse> DoGetMerchant(
      const CallContext& call, const v1::GetMerchantRequest& request) const;
  absl::StatusOr<v1::ListMerchantsResponse> DoListMerchants(
      const CallContext& call, const v1::ListMerchantsRequest& request) const;
  absl::StatusOr<v1::GetTerminalResponse> DoGetTerminal(
      const CallContext& call, const v1::GetTerminalRequest& request) const;
  absl::StatusOr<v1::ListTerminalsResponse> DoListTerminals(
      const CallContext& call, const v1::ListTerminalsRequest& request) const;
  // What is common to registering and applying.
  absl::StatusOr<std::uint32_t> ReadCategory(absl::string_view category) const;
  ledger::Tag HashOf(absl::string_view code) const;

  const Parts parts_;
  const std::unique_ptr<Wire> wire_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_SERVICE_H_
