// SPDX-License-Identifier: Apache-2.0
#include "services/server/witness_settings.h"

#include "ledger/base/check.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/signed_note.h"

#include "absl/strings/str_cat.h"

#include <set>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

absl::Status BadWitnesses(absl::string_view key, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(key, ": want ", wanted));
}

}  // namespace

absl::Status SettleWitnesses(config::v1::ServerConfig* config) {
  const auto count = static_cast<std::uint32_t>(config->witnesses_size());
  if (count > ledger::kWitnessesMax) {
    return BadWitnesses("witnesses", absl::StrCat("at most ", ledger::kWitnessesMax));
  }
  std::set<std::string> keys;
  for (const std::string& text : config->witnesses()) {
    const absl::StatusOr<ledger::NoteKey> key =
        ledger::ParseNoteKey(text, ledger::NoteKeyType::kCosignature);
    if (!key.ok()) {
      return BadWitnesses("witnesses", "verifier keys of witnesses, as puhui witness shows them");
    }
    // One key under two names would be a quorum by itself.
    if (!keys.insert(key->key.bytes()).second) {
      return BadWitnesses("witnesses", "each key once");
    }
  }
  if (config->witness_quorum() == 0 && count > 0) config->set_witness_quorum(count / 2 + 1);
  if (config->witness_quorum() > count) {
    return BadWitnesses("witness_quorum",
                        absl::StrCat("at most ", count, ", as many as there are"));
  }
  return absl::OkStatus();
}

WitnessShelf::Options WitnessShelfOptions(const config::v1::ServerConfig& config,
                                          const LedgerKeys& keys) {
  WitnessShelf::Options options{.path = absl::StrCat(config.data_dir(), "/witnessed"),
                                .keys = keys.chain,
                                .chain_file = keys.chain_file,
                                .quorum = config.witness_quorum()};
  for (const std::string& text : config.witnesses()) {
    absl::StatusOr<ledger::NoteKey> witness =
        ledger::ParseNoteKey(text, ledger::NoteKeyType::kCosignature);
    PUHUI_CHECK(witness.ok());
    options.witnesses.push_back(*std::move(witness));
  }
  return options;
}

}  // namespace puhui::services
