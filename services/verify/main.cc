// SPDX-License-Identifier: Apache-2.0
// puhui-verify: checks a bundle on a machine that has nothing else of ours.
#include "audit/bundle/bundle_growth.h"
#include "audit/bundle/bundle_proofs.h"
#include "audit/bundle/verifier_key.h"
#include "audit/bundle/verify_bundle.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

using puhui::audit::BundleReport;
using puhui::audit::Growth;
using puhui::ledger::Checkpoint;
using puhui::ledger::VerifyKey;

// A promise to scripts, as those of `puhui`.
constexpr int kFits = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kDoesNotFit = 8;
constexpr int kDoesNotGoOn = 9;
constexpr int kUndecided = 10;

constexpr absl::string_view kHelp =
    "usage: puhui-verify --key KEY [--key KEY]... [--chain FILE]\n"
    "                    [--witness KEY]... [--quorum N] [--after CHECKPOINT] BUNDLE\n"
    "Checks every hash, signature, balance, cap, approval, fee and statement of a bundle.\n"
    "KEY is a key that signs checkpoints, as checkpoint.vkey has it, or the file's name.\n"
    "Take keys from where you kept them, and never from whoever gave you the bundle.\n"
    "FILE is checkpoint.chain: keys that it leads to from KEY, or to KEY from them, count too.\n"
    "Signatures of a --witness are checked; with --quorum, N of them have to be there.\n"
    "CHECKPOINT is a file with an earlier head that you kept, which the ledger has to go on from.\n"
    "Exit codes: 0 all fits; 1 the file cannot be read; 2 usage; 8 something does not fit;\n"
    "9 it does not go on from CHECKPOINT: rolled back, a fork, or another ledger; 10 the bundle "
    "cannot show "
    "that.\n";

struct Wish {
  std::vector<VerifyKey> keys;
  std::string chain;  // What the file says.
  puhui::audit::WitnessWish witnesses;
  absl::optional<std::string> after;  // What the file says.
  std::vector<std::string> paths;
  bool help = false;
};

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     std::size_t bytes_max = puhui::ledger::kKeyChainBytesMax) {
  PUHUI_ASSIGN_OR_RETURN(auto text, puhui::ledger::ReadWholeFile(path, bytes_max));
  if (!text.has_value()) return absl::NotFoundError(absl::StrCat("there is no file ", path));
  return *std::move(text);
}

// A vkey, or what the file has that is named instead.
absl::StatusOr<std::string> ReadKeyText(const std::string& text_or_path) {
  return absl::StrContains(text_or_path, '+') ? text_or_path : ReadFile(text_or_path);
}

void Print(absl::string_view what, std::uint64_t count) {
  std::cout << absl::StreamFormat("  %-24s %d\n", what, count);
}

std::string TimeText(std::int64_t micros) {
  return absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMicros(micros), absl::UTCTimeZone());
}

void PrintScope(const BundleReport& report) {
  const bool merchant = report.scope->kind == puhui::audit::ScopeKind::kMerchant;
  const std::string number = absl::StrCat(merchant ? "merchant " : "union ", report.scope->number);
  std::cout << "part: "
            << (report.scope_name.empty() ? number
                                          : absl::StrCat(report.scope_name, " (", number, ")"))
            << "\n"
            << puhui::audit::kWhatAPartShows;
  Print("owners of accounts", report.owners);
}

void PrintReport(const BundleReport& report) {
  std::cout << "fits: records " << report.header.first << " to " << report.header.last << ", "
            << TimeText(report.first_time_micros) << " to " << TimeText(report.last_time_micros)
            << "\n";
  std::cout << "ledger " << report.checkpoint.origin << ", checkpoint of " << report.checkpoint.size
            << " records\n"
            << "root " << puhui::ledger::ToBase64(report.checkpoint.root) << "\n"
            << "opening " << puhui::ledger::ToHex(report.opening) << "\n"
            << "closing " << puhui::ledger::ToHex(report.closing) << "\n";
  if (report.scope.has_value()) PrintScope(report);
  for (const puhui::audit::FoundCosignature& found : report.cosignatures) {
    std::cout << "witness " << found.witness << " of " << found.size << " records: "
              << (found.checked ? TimeText(absl::ToUnixMicros(found.time)) : "not checked") << "\n";
  }
  Print("bytes", report.bytes);
  Print("checkpoints", report.checkpoints);
  Print("proofs", report.proofs);
  Print("segments", report.segments);
  Print("records", report.records);
  Print("earlier records", report.earlier_records);
  Print("entries", report.entries);
  Print("postings", report.postings);
  Print("accounts", report.accounts);
  Print("open lots", report.lots);
  Print("grants", report.sales.grants);
  Print("of them under rules", report.sales.under_rules);
  Print("of these added up", report.caps.followed);
  Print("rows of plans", report.plans.planned);
  Print("rows not checked", report.plans.unplanned);
  Print("runs approved", report.plans.approved);
  Print("approval not checked", report.plans.unapproved);
  Print("runs bound by packs", report.runs.bound);
  Print("binding not checked", report.runs.unbound);
  Print("purchases", report.sales.purchases);
  Print("fees checked", report.fees.checked);
  Print("fees not checked", report.fees.unchecked);
  Print("given back", report.sales.given_back);
  Print("fees back checked", report.returns.followed);
  Print("fees back not checked", report.returns.unfollowed);
  Print("authorisations", report.sales.authorizations);
  Print("under a cap per day", report.sales.capped);
  Print("payouts", report.sales.payouts);
  Print("of approved runs", report.payouts.approved);
  Print("of runs not checked", report.payouts.unapproved);
  Print("payments as statements", report.payouts.due);
  Print("payments not checked", report.payouts.due_unknown);
  Print("statement lines", report.statements.lines);
  Print("statements", report.statements.statements);
  Print("statements begun earlier", report.statements.begun_earlier);
  Print("agreements checked", report.payouts.agreed);
  Print("agreements not checked", report.payouts.agreed_earlier);
  Print("closed months", report.periods.closed);
  Print("of them added up", report.periods.whole);
}

int SayMisfit(const absl::Status& misfit) {
  std::cout << "DOES NOT FIT: " << misfit.message() << "\n";
  return kDoesNotFit;
}

// Of a bundle that fits.
int Conclude(const BundleReport& report, const absl::optional<Checkpoint>& earlier) {
  const Growth growth = report.growth.value_or(Growth::kGoesOn);
  const std::string text =
      earlier.has_value() ? puhui::audit::GrowthText(growth, *earlier, report.checkpoint) : "";
  if (growth == Growth::kUndecided) {
    std::cout << "CANNOT BE DECIDED: " << text << "\n";
    return kUndecided;
  }
  if (growth != Growth::kGoesOn) {
    std::cout << "DOES NOT GO ON: " << text << "\n";
    return kDoesNotGoOn;
  }
  PrintReport(report);
  if (earlier.has_value()) std::cout << text << "\n";
  return kFits;
}

int Verify(const std::string& path, const std::vector<VerifyKey>& keys,
           const puhui::audit::WitnessWish& witnesses, const absl::optional<Checkpoint>& earlier) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "puhui-verify: cannot read " << path << "\n";
    return kFailed;
  }
  const auto source = [&file](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    file.read(into, static_cast<std::streamsize>(size));
    if (file.bad()) return absl::UnavailableError("the file cannot be read");
    return static_cast<std::size_t>(file.gcount());
  };
  const absl::StatusOr<BundleReport> report =
      puhui::audit::VerifyBundle(source, keys, witnesses, earlier);
  if (report.ok()) return Conclude(*report, earlier);
  if (!absl::IsDataLoss(report.status())) {
    std::cerr << "puhui-verify: " << report.status().message() << "\n";
    return kFailed;
  }
  return SayMisfit(report.status());
}

// Fails: with what is said of the wrong call.
absl::Status TakeOption(const std::string& option, const std::string& value, Wish& wish) {
  if (option == "--key") {
    PUHUI_ASSIGN_OR_RETURN(const std::string text, ReadKeyText(value));
    PUHUI_ASSIGN_OR_RETURN(VerifyKey key, puhui::audit::ParseVerifierKey(text));
    wish.keys.push_back(std::move(key));
    return absl::OkStatus();
  }
  if (option == "--witness") {
    PUHUI_ASSIGN_OR_RETURN(const std::string text, ReadKeyText(value));
    PUHUI_ASSIGN_OR_RETURN(auto key, puhui::audit::ParseWitnessKey(text));
    wish.witnesses.witnesses.push_back(std::move(key));
    return absl::OkStatus();
  }
  if (option == "--quorum") {
    if (absl::SimpleAtoi(value, &wish.witnesses.quorum)) return absl::OkStatus();
    return absl::InvalidArgumentError("want a number");
  }
  if (option == "--chain") {
    PUHUI_ASSIGN_OR_RETURN(wish.chain, ReadFile(value));
    return absl::OkStatus();
  }
  if (option == "--after") {
    PUHUI_ASSIGN_OR_RETURN(wish.after, ReadFile(value, puhui::ledger::kCheckpointBytesMax));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("there is no such option");
}

absl::StatusOr<Wish> ReadWish(const std::vector<std::string>& arguments) {
  Wish wish;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (option == "--help") {
      wish.help = true;
    } else if (!absl::StartsWith(option, "--")) {
      wish.paths.push_back(option);
    } else if (++i == arguments.size()) {
      return absl::InvalidArgumentError(absl::StrCat(option, ": want a value"));
    } else if (const absl::Status taken = TakeOption(option, arguments[i], wish); !taken.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(option, ": ", taken.message()));
    }
  }
  return wish;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<Wish> wish = ReadWish(arguments);
  if (!wish.ok()) {
    std::cerr << "puhui-verify: " << wish.status().message() << "\n";
    return kUsage;
  }
  if (wish->help) {
    std::cout << kHelp;
    return kFits;
  }
  if (wish->paths.size() != 1 || wish->keys.empty()) {
    std::cerr << kHelp;
    return kUsage;
  }
  const auto keys = puhui::audit::KeysOfChain(wish->chain, wish->keys);
  if (!keys.ok()) return SayMisfit(keys.status());
  absl::optional<Checkpoint> earlier;
  if (wish->after.has_value()) {
    auto parsed = puhui::audit::ParseCheckpointOf(*keys, *wish->after);
    // The reason begins with "checkpoint: ".
    if (!parsed.ok()) {
      return SayMisfit(absl::DataLossError(absl::StrCat("earlier ", parsed.status().message())));
    }
    earlier = *std::move(parsed);
  }
  return Verify(wish->paths.front(), *keys, wish->witnesses, earlier);
}

}  // namespace

int main(int argc, char** argv) { return Main(std::vector<std::string>(argv + 1, argv + argc)); }
