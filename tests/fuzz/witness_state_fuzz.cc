// SPDX-License-Identifier: Apache-2.0
// Any bytes as what a witness remembers: it is refused unless this witness and the ledger signed
// that head, and one byte that was changed anywhere is refused. Without it a fork could not be
// told.
#include "ledger/base/check.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/cosignature.h"
#include "ledger/journal/witness.h"
#include "tests/fuzz/scratch_dir.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

namespace ledger = puhui::ledger;

const ledger::SigningKey& LogKey() {
  static const ledger::SigningKey key = ledger::SigningKey::FromSeed(std::string(32, 'f'));
  return key;
}
const ledger::SigningKey& WitnessKey() {
  static const ledger::SigningKey key = ledger::SigningKey::FromSeed(std::string(32, 'w'));
  return key;
}

// The only head that the two have signed.
const ledger::Checkpoint& Head() {
  static const ledger::Checkpoint head = {
      .origin = "o", .size = 7, .root = {}, .time = absl::FromUnixSeconds(1)};
  return head;
}
const std::string& WholeState() {
  static const std::string state = ledger::Cosign(ledger::SignCheckpoint(Head(), "k", LogKey()),
                                                  "w", WitnessKey(), absl::FromUnixSeconds(2));
  return state;
}

bool Opens(absl::string_view state) {
  static const puhui::ScratchDir scratch;
  scratch.Write("state", state);
  const auto witness = ledger::Witness::Open({.name = "w",
                                              .key = WitnessKey(),
                                              .log_key = LogKey().verify_key(),
                                              .state_path = scratch.Join("state")});
  PUHUI_CHECK(witness.ok() || absl::IsDataLoss(witness.status()));
  if (!witness.ok()) return false;
  PUHUI_CHECK(witness->last() == Head());
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Opens(absl::string_view(reinterpret_cast<const char*>(data), size));

  // Once more as what is done to a good one: two bytes say where, the third what.
  std::string changed = WholeState();
  int changes = 0;
  for (std::size_t at = 0; at + 2 < size; at += 3, ++changes) {
    char& byte = changed[(data[at] * std::size_t{256} + data[at + 1]) % changed.size()];
    byte = static_cast<char>(byte ^ data[at + 2]);
  }
  const bool opened = Opens(changed);
  if (changes <= 1) PUHUI_CHECK(opened == (changed == WholeState()));
  return 0;
}
