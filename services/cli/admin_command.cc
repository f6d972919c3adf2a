// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/version.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/admin/checkpoint_keys.h"
#include "services/cli/commands.h"
#include "services/cli/error_text.h"
#include "services/cli/limit_command.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"
#include "services/cli/rule_pack_command.h"

#include <memory>
#include <ostream>
#include <string>

namespace puhui::services {
namespace {

using AdminStub = v1::AdminService::Stub;

void PrintRotation(Output& output, const v1::KeyRotation& rotation) {
  const bool finished = rotation.has_finish_time();
  output.Fields({{"vault key", FormatCount(rotation.key())},
                 {"in use since", output.Time(rotation.start_time())},
                 {"members' keys", absl::StrCat(FormatCount(rotation.members()),
                                                finished ? " wrapped anew" : " so far")},
                 {"finished", finished ? output.Time(rotation.finish_time()) : "not yet"}});
}

struct LedgerDirectories {
  std::string data;
  std::string keys;
};

// Not by the service: who may replace what everybody trusts stands at the machine.
ExitCode RotateCheckpoint(const LedgerDirectories& directories, Invocation& invocation) {
  const Environment& environment = invocation.environment();
  const absl::StatusOr<KeySuccession> made = RotateCheckpointKey(
      directories.data, directories.keys, *environment.random, environment.now());
  if (!made.ok()) return invocation.Settle(FoundHere(made.status()));
  invocation.output().Fields({{"checkpoint key", FormatCount(made->number)},
                              {"file", made->path},
                              {"verifier key", made->text}});
  return ExitCode::kOk;
}

void AddRotateCheckpointKey(Noun& noun) {
  CLI::App& app = noun.AddVerb(
      {"rotate-checkpoint-key",
       "Have the key that signs checkpoints hand over to a new one; the next start signs with it"});
  const auto directories = std::make_shared<LedgerDirectories>();
  app.add_option("data-dir", directories->data, "The data of a server that is not running")
      ->required();
  app.add_option("keys-dir", directories->keys, "Its keys")->required();
  noun.OnVerb(app, [directories](Invocation& invocation) {
    return RotateCheckpoint(*directories, invocation);
  });
}

}  // namespace

void AddAdminCommands(CommandLine& line) {
  Noun noun(line, "admin", "Running the service");
  noun.Reads(
      {"status", "Say how the service is"}, &AdminStub::GetStatus,
      [](CLI::App&, v1::GetStatusRequest&) {},
      [](Output& output, const v1::GetStatusResponse& response) {
        output.Fields({{"version", response.version()},
                       {"last record", FormatCount(response.sequence())},
                       {"writes", response.accepting_writes() ? "accepted" : "NOT accepted"},
                       {"detail", response.detail()}});
        if (response.has_key_rotation()) PrintRotation(output, response.key_rotation());
      });
  noun.Changes(
      {"rotate-key", "Replace the vault's key while everything goes on; status says how far it is"},
      &AdminStub::RotateKey, [](CLI::App&, v1::RotateKeyRequest&) {},
      [](Output& output, const v1::RotateKeyResponse& response) {
        PrintRotation(output, response.key_rotation());
      });

  AddRotateCheckpointKey(noun);
  AddRulePackVerbs(noun);
  AddLimitVerbs(noun);

  CLI::App& version = line.AddCommand("version", "Show the version of this program");
  line.OnCommand(version, [](Invocation& invocation) {
    *invocation.environment().out << "puhui " << kVersion << '\n';
    return ExitCode::kOk;
  });
}

}  // namespace puhui::services
