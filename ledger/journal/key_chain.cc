// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/key_chain.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr absl::string_view kSuccessionTitle = "puhui key succession";
constexpr absl::string_view kSuccessionTime = "time %Y-%m-%dT%H:%M:%E6SZ";
constexpr absl::string_view kSuccessionSigned = "\xE2\x80\x94 ";  // An em dash and a space.
constexpr std::size_t kSuccessionLines = 8;

absl::Status BadSuccession(std::size_t number, absl::string_view reason) {
  return absl::DataLossError(absl::StrCat("key ", number, " of the chain: ", reason));
}

std::string SuccessionText(std::uint32_t number, absl::string_view earlier, absl::string_view later,
                           absl::string_view time) {
  return absl::StrCat(kSuccessionTitle, "\n", number, "\n", earlier, "\n", later, "\n", time, "\n");
}

struct ChainedKey {
  std::string name;
  std::string hash;  // Four bytes.
  VerifyKey key;
};

// A vkey, spelled as VerifierKeyText spells it.
absl::optional<ChainedKey> ReadChainedKey(absl::string_view text) {
  // Base 64 itself may hold a '+'.
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3 || parts[0].empty() || absl::StrContains(parts[0], ' ')) {
    return absl::nullopt;
  }
  for (const char c : parts[0]) {
    if (c <= ' ' || c > '~') return absl::nullopt;
  }
  const absl::StatusOr<std::string> bytes = FromBase64(parts[2]);
  if (!bytes.ok() || bytes->empty()) return absl::nullopt;
  absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(bytes->substr(1));
  if (!key.ok() || VerifierKeyText(parts[0], *key) != text) return absl::nullopt;
  return ChainedKey{parts[0], *FromHex(parts[1]), *std::move(key)};
}

std::string SuccessionSignature(absl::string_view text, absl::string_view key_name,
                                const SigningKey& key) {
  const absl::optional<ChainedKey> named =
      ReadChainedKey(VerifierKeyText(key_name, key.verify_key()));
  PUHUI_CHECK(named.has_value());
  return absl::StrCat(kSuccessionSigned, key_name, " ",
                      ToBase64(absl::StrCat(named->hash, key.Sign(text))), "\n");
}

bool LinkSignedBy(absl::string_view line, absl::string_view text, const ChainedKey& key) {
  const std::string before = absl::StrCat(kSuccessionSigned, key.name, " ");
  if (!absl::StartsWith(line, before)) return false;
  const absl::StatusOr<std::string> bytes = FromBase64(line.substr(before.size()));
  if (!bytes.ok() || bytes->size() != key.hash.size() + kSignatureBytes) return false;
  if (ToBase64(*bytes) != line.substr(before.size())) return false;
  const absl::string_view signed_bytes = *bytes;
  return signed_bytes.substr(0, key.hash.size()) == key.hash &&
         key.key.Verify(text, signed_bytes.substr(key.hash.size()));
}

bool IsSuccessionTime(absl::string_view line) {
  absl::Time time;
  std::string error;
  return absl::StartsWith(line, "time ") &&
         absl::ParseTime(kSuccessionTime, line, absl::UTCTimeZone(), &time, &error) &&
         absl::FormatTime(kSuccessionTime, time, absl::UTCTimeZone()) == line;
}

}  // namespace

std::string SignSuccession(std::uint32_t number, absl::string_view key_name,
                           const SigningKey& earlier, const SigningKey& later, absl::Time time) {
  PUHUI_CHECK(number >= 2);
  const std::string text =
      SuccessionText(number, VerifierKeyText(key_name, earlier.verify_key()),
                     VerifierKeyText(key_name, later.verify_key()),
                     absl::FormatTime(kSuccessionTime, time, absl::UTCTimeZone()));
  return absl::StrCat(text, "\n", SuccessionSignature(text, key_name, earlier),
                      SuccessionSignature(text, key_name, later));
}

absl::StatusOr<KeyChain> KeyChain::Parse(absl::string_view file, const VerifyKey& trusted) {
  KeyChain chain(trusted);
  if (file.empty()) return chain;
  const std::vector<absl::string_view> lines = absl::StrSplit(file, '\n');
  const std::size_t successions = SuccessionsIn(file);
  if (lines.size() != successions * kSuccessionLines + 1 || !lines.back().empty()) {
    return BadSuccession(successions + 1, "it is cut short");
  }
  if (successions > kKeySuccessionsMax) return BadSuccession(successions, "there are too many");
  chain.keys_.clear();
  for (std::size_t at = 0; at < successions; ++at) {
    const absl::string_view* const line = &lines[at * kSuccessionLines];
    const std::size_t number = at + 2;
    const absl::optional<ChainedKey> earlier = ReadChainedKey(line[2]);
    const absl::optional<ChainedKey> later = ReadChainedKey(line[3]);
    const std::string text =
        SuccessionText(static_cast<std::uint32_t>(number), line[2], line[3], line[4]);
    if (line[0] != kSuccessionTitle || line[1] != absl::StrCat(number) || !line[5].empty() ||
        !earlier.has_value() || !later.has_value() || !IsSuccessionTime(line[4])) {
      return BadSuccession(number, "it is not in its canonical form");
    }
    if (at == 0) chain.keys_.push_back(earlier->key);
    if (chain.keys_.back().bytes() != earlier->key.bytes()) {
      return BadSuccession(number, "it does not come after the one before it");
    }
    if (!LinkSignedBy(line[6], text, *earlier))
      return BadSuccession(number, "not signed by the earlier");
    if (!LinkSignedBy(line[7], text, *later))
      return BadSuccession(number, "not signed by the new one");
    chain.keys_.push_back(later->key);
  }
  if (std::none_of(chain.keys_.begin(), chain.keys_.end(),
                   [&trusted](const VerifyKey& key) { return key.bytes() == trusted.bytes(); })) {
    return absl::DataLossError("the chain of checkpoint keys does not have the trusted key in it");
  }
  return chain;
}

std::size_t SuccessionsIn(absl::string_view file) {
  const auto ends = static_cast<std::size_t>(std::count(file.begin(), file.end(), '\n'));
  return ends / kSuccessionLines;
}

absl::StatusOr<std::string> ReadKeyChainFile(const std::string& data_directory) {
  PUHUI_ASSIGN_OR_RETURN(
      absl::optional<std::string> file,
      ReadWholeFile(absl::StrCat(data_directory, "/", kKeyChainFileName), kKeyChainBytesMax));
  return file.has_value() ? *std::move(file) : std::string();
}

absl::Status AddSuccession(const std::string& data_directory, absl::string_view lines) {
  PUHUI_ASSIGN_OR_RETURN(const std::string file, ReadKeyChainFile(data_directory));
  if (SuccessionsIn(file) >= kKeySuccessionsMax) {
    return absl::ResourceExhaustedError("the chain of checkpoint keys is full");
  }
  return WriteFileDurably(absl::StrCat(data_directory, "/", kKeyChainFileName),
                          absl::StrCat(file, lines));
}

absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view note, const KeyChain& chain) {
  // The newest first: nearly always it is that one.
  absl::StatusOr<Checkpoint> newest = ParseCheckpoint(note, chain.keys().back());
  for (std::size_t before = chain.keys().size() - 1; !newest.ok() && before > 0; --before) {
    absl::StatusOr<Checkpoint> earlier = ParseCheckpoint(note, chain.keys()[before - 1]);
    if (earlier.ok()) return earlier;
  }
  return newest;
}

}  // namespace puhui::ledger
