// SPDX-License-Identifier: Apache-2.0
#include "services/server/server.h"

#include "audit/index/audit_index.h"
#include "ledger/base/clock.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/version.h"
#include "ledger/crypto/key_file.h"
#include "ledger/crypto/random.h"
#include "merchant/app/device_commands.h"
#include "merchant/app/payment_codes.h"
#include "services/admin/admin_service.h"
#include "services/admin/self_check.h"
#include "services/audit/access_service.h"
#include "services/audit/audit_service.h"
#include "services/audit/journal_recorder.h"
#include "services/audit/receipt_service.h"
#include "services/audit/witness_shelf.h"
#include "services/auth/authenticator.h"
#include "services/auth/certificate_authority.h"
#include "services/issuing/campaign_service.h"
#include "services/issuing/member_service.h"
#include "services/issuing/union_service.h"
#include "services/ledger/ledger_mandates.h"
#include "services/ledger/member_profiles.h"
#include "services/ledger/union_tree.h"
#include "services/merchant/merchant_service.h"
#include "services/merchant/pos_service.h"
#include "services/payout/payout_service.h"
#include "services/payout/reconciliation_service.h"
#include "services/rpc/call_log.h"
#include "services/rpc/call_metrics.h"
#include "services/rpc/calls.h"
#include "services/rpc/health.h"
#include "services/rpc/page_token.h"
#include "services/rpc/pipeline.h"
#include "services/rpc/server_arguments.h"
#include "services/rpc/server_credentials.h"
#include "services/rpc/worker_pool.h"
#include "services/server/data_directory.h"
#include "services/server/ledger_metrics.h"
#include "services/server/market.h"
#include "services/server/open_accesses.h"
#include "services/server/open_ledger.h"
#include "services/server/payout_settings.h"
#include "services/server/shop_window.h"
#include "services/server/tile_publishing.h"
#include "services/server/without_reflection.h"
#include "services/server/witness_settings.h"
#include "services/settlement/settlement_service.h"
#include "services/wallet/device_service.h"
#include "services/wallet/wallet_service.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <prometheus/exposer.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kWorkers = 4;
static_assert(kWorkers > audit::AuditIndex::kWaitingMax, "who waits leaves some to the others");
constexpr std::size_t kQueuedJobsMax = 1'024;
constexpr absl::Duration kReloadCertificatesEvery = absl::Seconds(10);
constexpr std::chrono::seconds kStopGrace{10};

// The members stand in the order they depend on each other, so that the last goes first.
class RealServer final : public Server {
 public:
  RealServer(const config::v1::ServerConfig& config, const LedgerKeys& keys,
             std::unique_ptr<Secrets> secrets, Ledger ledger, Accesses accesses)
      : config_(config),
        verify_key_(keys.checkpoint.verify_key()),
        key_chain_(keys.chain),
        secrets_(std::move(secrets)),
        ledger_(std::move(ledger)),
        accesses_(std::move(accesses)),
        recorder_(accesses_.journal.get()),
        tokens_(&secrets_->lookup),
        tree_(ledger_.store.get()),
        mandates_(ledger_.store.get()),
        audit_index_(ledger_.store.get(), AuditIndexOptions(config)),
        prover_([this](const absl::Status& damage) { ledger_.engine->ReportViewDamage(damage); }),
        witnesses_(WitnessShelfOptions(config, keys)),
        self_check_(SelfCheckParts(config, keys, ledger_, &audit_index_)),
        profiles_(&ledger_.books->issuing, &secrets_->vault),
        codes_({.keyed_hash = &secrets_->lookup,
                .random = &secrets_->random,
                .prefix = config.payment_code_prefix()}),
        bank_accounts_(&secrets_->lookup, &secrets_->random),
        authenticator_(config.trust_domain()),
        workers_(kWorkers, kQueuedJobsMax),
        log_([](absl::string_view lines) {
          std::fwrite(lines.data(), 1, lines.size(), stdout);
          std::fflush(stdout);
        }),
        pipeline_({.authenticator = &authenticator_,
                   .clock = &clock_,
                   .workers = &workers_,
                   .log = &log_,
                   .metrics = &*metrics_,
                   .accesses = &recorder_,
                   .purpose_required = config.require_purpose(),
                   .mandates = &mandates_}) {}
  ~RealServer() override { Stop().IgnoreError(); }

  absl::Status Serve(Indexes indexes) {
    PUHUI_ASSIGN_OR_RETURN(authority_, LoadAuthority(config_, clock_.Now()));
    if (!config_.merchant_categories().empty()) {
      PUHUI_ASSIGN_OR_RETURN(categories_, MerchantCategories::Read(config_.merchant_categories()));
    }
    PUHUI_ASSIGN_OR_RETURN(window_, ShopWindow::Open(config_, {.engine = ledger_.engine.get(),
                                                               .store = ledger_.store.get(),
                                                               .vault = &secrets_->vault,
                                                               .tokens = &tokens_,
                                                               .tree = &tree_,
                                                               .indexes = indexes}));
    PUHUI_ASSIGN_OR_RETURN(certificates_,
                           ServerCertificates::Load({.chain = config_.tls().cert(),
                                                     .key = config_.tls().key(),
                                                     .client_ca = config_.tls().client_ca()},
                                                    &clock_));
    certificates_->Watch(kReloadCertificatesEvery, [](const absl::Status& status) {
      spdlog::error("certificates were not reloaded: {}", status.ToString());
    });
    PUHUI_RETURN_IF_ERROR(ExposeMetrics());
    grpc::EnableDefaultHealthCheckService(false);
    grpc::ServerBuilder builder;
    calls_ = std::make_unique<Calls>(
        &pipeline_, &builder,
        Calls::Options{.queues = std::max(std::thread::hardware_concurrency() / 2, 1U),
                       .drained = [this] { ledger_.engine->LendThread(); }});
    MakeServices();
    if (!config_.reflection()) builder.SetOption(std::make_unique<WithoutReflection>());
    ApplyLimits({}, &builder);
    builder.AddListeningPort(config_.listen(), certificates_->Credentials(), &port_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port_ == 0) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", config_.listen()));
    }
    calls_->Start();
    market_->Start();
    if (indexes == Indexes::kFollow) audit_index_.Start();
    StartPublishing();
    self_check_.Start();
    return WritePort(config_, port_);
  }

  int port() const override { return port_; }
  std::string recovered() const override { return ledger_.engine->recovered().Summary(); }

  absl::Status Stop() override {
    if (std::exchange(stopped_, true)) return absl::OkStatus();
    health_.Stop();
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now() + kStopGrace);
    if (calls_ != nullptr) calls_->Stop();
    self_check_.Stop();
    audit_index_.Stop();
    publishing_.reset();
    if (window_ != nullptr) window_->Stop();
    if (market_ != nullptr) market_->Stop();
    const absl::Status noted = accesses_.Close();
    PUHUI_RETURN_IF_ERROR(CloseLedger(ledger_));
    return noted;
  }

 private:
  void MakeServices() {
    ledger::Engine* engine = ledger_.engine.get();
    Books& books = *ledger_.books;
    const merchant::TillState till_state{.tables = &books.merchant,
                                         .views = &books.views,
                                         .merchant_zone = MerchantZone(config_),
                                         .profiles = &profiles_,
                                         .places = books.places(),
                                         .invoice_remark = config_.invoice_remark()};
    const LedgerAccess access{.engine = engine, .request_key = &secrets_->lookup};
    const IssuingParts issuing{.ledger = access,
                               .tables = &books.issuing,
                               .views = &books.views,
                               .vault = &secrets_->vault,
                               .tokens = &tokens_,
                               .tree = &tree_,
                               .workers = &workers_,
                               .erase_elsewhere = [this, &books](MemberId member) {
                                 books.merchant.delivery_addresses.Erase(member);
                                 merchant::EraseDeviceSecrets(member, &books.merchant);
                                 codes_.keys().ForgetMember(
                                     member, books.merchant.member_devices.Find(member));
                               }};
    Add<UnionService>(issuing);
    Add<MemberService>(issuing);
    Add<CampaignService>(issuing);
    Add<WalletService>(WalletService::Parts{.ledger = access,
                                            .state = till_state,
                                            .tokens = &tokens_,
                                            .tree = &tree_,
                                            .codes = &codes_,
                                            .bill_key = &secrets_->lookup,
                                            .random = &secrets_->random});
    Add<DeviceService>(DeviceService::Parts{.ledger = access,
                                            .state = till_state,
                                            .keys = &codes_.keys(),
                                            .tree = &tree_,
                                            .payment_code_prefix = config_.payment_code_prefix()});
    Add<MerchantService>(MerchantService::Parts{
        .ledger = access,
        .tables = &books.merchant,
        .authority = authority_.get(),
        .trust_domain = config_.trust_domain(),
        .terminal_validity = absl::Hours(24) * config_.terminal_certificate_days(),
        .zone = MerchantZone(config_),
        .categories = categories_,
        .enrolment_code_lifetime = absl::Hours(config_.enrolment_code_hours()),
        .code_key = &secrets_->lookup,
        .tokens = &tokens_,
        .clock = &clock_,
        .random = &secrets_->random});
    Add<PosService>(PosService::Parts{.ledger = access,
                                      .state = till_state,
                                      .card_key = &secrets_->lookup,
                                      .codes = &codes_,
                                      .random = &secrets_->random});
    market_ = std::make_unique<Market>(Market::Parts{.ledger = access,
                                                     .state = till_state,
                                                     .token_key = &secrets_->lookup,
                                                     .vault = &secrets_->vault,
                                                     .categories = categories_,
                                                     .codes = &codes_,
                                                     .tokens = &tokens_,
                                                     .tree = &tree_,
                                                     .random = &secrets_->random});
    market_->Serve(*calls_);
    PayoutParts payouts = PayoutPartsOf(config_);
    payouts.ledger = access;
    payouts.tables = &books.merchant;
    payouts.vault = &bank_accounts_;
    payouts.tokens = &tokens_;
    payouts.clock = &clock_;
    Add<PayoutService>(payouts);
    Add<ReconciliationService>(engine);
    Add<SettlementService>(SettlementService::Parts{
        .ledger = access, .state = till_state, .tokens = &tokens_, .tree = &tree_});
    Add<AuditService>(AuditService::Parts{.engine = engine,
                                          .tokens = &tokens_,
                                          .tree = &tree_,
                                          .index = &audit_index_,
                                          .prover = &prover_,
                                          .key = &verify_key_,
                                          .witnesses = &witnesses_,
                                          .subtrees = &subtrees_});
    Add<ReceiptService>(ReceiptService::Parts{
        .engine = engine, .prover = &prover_, .keys = &key_chain_, .witnesses = &witnesses_});
    Add<AccessService>(AccessService::Parts{.accesses = accesses_.journal.get(),
                                            .keys = &key_chain_,
                                            .ledger = access,
                                            .tables = &books.issuing,
                                            .tokens = &tokens_,
                                            .tree = &tree_});
    Add<AdminService>(AdminService::Parts{
        .ledger = access,
        .tables = &books.issuing,
        .tokens = &tokens_,
        .vault = &secrets_->vault,
        .make_vault_key =
            [this](std::uint32_t key_id) {
              return ledger::ReadOrCreateKeyFile(VaultKeyPath(config_, key_id), secrets_->random);
            },
        .self_check = &self_check_,
        .archiving = ledger_.archiving.get(),
        .version = kVersion,
        .till_state = till_state,
        .views = &books.views,
        .prover = &prover_});
    window_->Serve(*calls_);
    health_.Serve(*calls_);
  }

  void StartPublishing() {
    if (config_.publish_dir().empty()) return;
    const auto say = [](absl::string_view what) { spdlog::warn("{}", std::string(what)); };
    const auto report = [this](const absl::Status& damage) {
      ledger_.engine->ReportViewDamage(damage);
    };
    publishing_ = std::make_unique<TilePublishing>(
        ledger::TilePublisher::Options{.folder = config_.publish_dir(),
                                       .entries = config_.publish_entries(),
                                       .keys = key_chain_,
                                       .chain_file = witnesses_.chain_file(),
                                       .on_damage = report,
                                       .say = say},
        ledger_.engine.get(), &prover_, say);
    publishing_->Start();
  }

  // A service lives as long as the server does, and nothing but its calls comes back to it.
  template <class Service, class Parts>
  void Add(const Parts& parts) {
    auto service = std::make_shared<Service>(parts);
    service->Serve(*calls_);
    services_.push_back(std::move(service));
  }

  absl::Status ExposeMetrics() {
    if (config_.metrics_listen().empty()) return absl::OkStatus();
    collected_ = {
        metrics_,
        std::make_shared<LedgerMetrics>(LedgerMetrics::Parts{.engine = ledger_.engine.get(),
                                                             .store = ledger_.store.get(),
                                                             .archive = ledger_.archive.get(),
                                                             .search = &window_->index(),
                                                             .accesses = accesses_.journal.get(),
                                                             .witnesses = &witnesses_,
                                                             .key = verify_key_}),
        std::make_shared<AuditIndexMetrics>(&audit_index_),
        std::make_shared<SelfCheckMetrics>(&self_check_)};
    try {  // The library reports a port that is taken by an exception.
      exposer_ = std::make_unique<prometheus::Exposer>(config_.metrics_listen());
    } catch (const std::exception& error) {
      return absl::UnavailableError(
          absl::StrCat("metrics_listen: cannot listen on ", config_.metrics_listen()));
    }
    for (const auto& metrics : collected_) exposer_->RegisterCollectable(metrics);
    return absl::OkStatus();
  }

  const config::v1::ServerConfig config_;
  const ledger::VerifyKey verify_key_;
  const ledger::KeyChain key_chain_;
  SystemClock clock_;
  const std::unique_ptr<Secrets> secrets_;
  Ledger ledger_;
  Accesses accesses_;
  JournalRecorder recorder_;
  PageTokens tokens_;
  LedgerUnionTree tree_;
  Subtrees subtrees_{{.tree = &tree_, .changed = [this] { return ledger_.books->tree_changed(); }}};
  LedgerMandates mandates_;
  audit::AuditIndex audit_index_;
  ledger::Prover prover_;
  WitnessShelf witnesses_;
  std::unique_ptr<TilePublishing> publishing_;  // When the configuration wants it.
  SelfCheck self_check_;
  LedgerMemberProfiles profiles_;
  merchant::PaymentCodes codes_;
  merchant::BankAccountVault bank_accounts_;
  SpiffeAuthenticator authenticator_;
  std::shared_ptr<CallMetrics> metrics_ = std::make_shared<CallMetrics>();
  std::vector<std::shared_ptr<prometheus::Collectable>> collected_;  // The exposer borrows them.
  WorkerPool workers_;
  CallLog log_;
  Pipeline pipeline_;
  std::unique_ptr<CertificateAuthority> authority_;
  MerchantCategories categories_;
  std::unique_ptr<ShopWindow> window_;
  std::unique_ptr<ServerCertificates> certificates_;
  std::unique_ptr<Market> market_;
  std::vector<std::shared_ptr<void>> services_;
  Health health_;
  std::unique_ptr<Calls> calls_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool stopped_ = false;
};

// Outlives every server of the process, as the engine's threads ask it.
const Clock* ProcessClock() {
  static const SystemClock* const clock = new SystemClock();
  return clock;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const config::v1::ServerConfig& config,
                                                      Indexes indexes) {
  ledger::OpenSslRandom random;
  PUHUI_ASSIGN_OR_RETURN(const LedgerKeys keys, PrepareDirectories(config, random));
  auto secrets = std::make_unique<Secrets>(keys.lookup);
  PUHUI_ASSIGN_OR_RETURN(Ledger ledger, OpenLedger(config, keys, *secrets, ProcessClock()));
  PUHUI_RETURN_IF_ERROR(WriteVerifierKey(config, keys.checkpoint.verify_key()));
  PUHUI_ASSIGN_OR_RETURN(Accesses accesses, OpenAccesses(config, keys, ProcessClock()));
  auto server = std::make_unique<RealServer>(config, keys, std::move(secrets), std::move(ledger),
                                             std::move(accesses));
  PUHUI_RETURN_IF_ERROR(server->Serve(indexes));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace puhui::services
