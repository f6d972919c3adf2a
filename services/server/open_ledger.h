// SPDX-License-Identifier: Apache-2.0
// The ledger of a server, without a network.
#ifndef PUHUI_SERVICES_SERVER_OPEN_LEDGER_H_
#define PUHUI_SERVICES_SERVER_OPEN_LEDGER_H_

#include "audit/index/audit_index.h"
#include "issuing/app/vault.h"
#include "ledger/base/clock.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/crypto/random.h"
#include "ledger/engine/engine.h"
#include "ledger/engine/forgetting.h"
#include "ledger/journal/local_log.h"
#include "ledger/journal/segment_archive.h"
#include "ledger/storage/rocks_store.h"
#include "ledger/storage/store.h"
#include "puhui/config/v1/server_config.pb.h"
#include "services/admin/archiving.h"
#include "services/admin/self_check.h"
#include "services/ledger/books.h"
#include "services/ledger/chores.h"
#include "services/server/data_directory.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <memory>

namespace puhui::services {

// The members stand in the order they depend on each other.
struct Ledger {
  std::unique_ptr<ledger::RocksStore> rocks;
  std::unique_ptr<ledger::SegmentArchive> archive;
  std::unique_ptr<ledger::Store> store;  // The two as one.
  std::unique_ptr<ledger::LocalLog> log;
  std::unique_ptr<Books> books;
  std::unique_ptr<Chores> chores;
  std::unique_ptr<ledger::RequestForgetting> forgetting;
  std::unique_ptr<ledger::Engine> engine;
  std::unique_ptr<Archiving> archiving;
};

// What is hashed and sealed with. The ledger's chores stand on it, so it outlives them.
struct Secrets {
  explicit Secrets(absl::string_view lookup_key) : lookup(lookup_key) {}
  ledger::OpenSslRandom random;
  ledger::KeyedHash lookup;
  puhui::issuing::Vault vault{{.keyed_hash = &lookup, .random = &random}};
};

// Of merchants that name none. Requires: ReadConfig did not refuse it (checked).
absl::TimeZone MerchantZone(const config::v1::ServerConfig& config);

// Where the index of auditors lies, and how its store is opened.
audit::AuditIndex::Options AuditIndexOptions(const config::v1::ServerConfig& config);

// How the ledger looks at itself, and that what it finds is logged.
SelfCheck::Parts SelfCheckParts(const config::v1::ServerConfig& config, const LedgerKeys& keys,
                                const Ledger& ledger, audit::AuditIndex* index);

// Opens the store and recovers. The process ends when the journal cannot be written any more.
absl::StatusOr<Ledger> OpenLedger(const config::v1::ServerConfig& config, const LedgerKeys& keys,
                                  Secrets& secrets, const Clock* clock);
// Ends what goes on in it, and closes the store. Call once, last.
absl::Status CloseLedger(Ledger& ledger);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_OPEN_LEDGER_H_
