// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_import.h"

#include "issuing/app/member_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/hash.h"
#include "services/issuing/member_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace puhui::services {
namespace {

using RowResults = std::vector<v1::MemberRowResult>;

constexpr std::size_t kSha256Characters = 64;
constexpr std::uint64_t kSecondDraw = std::uint64_t{1} << 63;  // In the number of a chunk.

bool IsSha256(absl::string_view text) {
  return text.size() == kSha256Characters &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
         });
}

bool OfEarlierLine(const v1::MemberRowResult& one, const v1::MemberRowResult& other) {
  return one.row() < other.row();
}

}  // namespace

absl::StatusOr<bool> MemberImport::Receive(v1::ImportMembersRequest&& message,
                                           v1::ImportMembersResponse* reply) {
  switch (message.part_case()) {
    case v1::ImportMembersRequest::kStart:
      PUHUI_RETURN_IF_ERROR(ReceiveStart(message.start()));
      reply->mutable_accepted()->set_offset(upload_.bytes().size());
      return true;
    case v1::ImportMembersRequest::kChunk:
      PUHUI_RETURN_IF_ERROR(ReceiveChunk(message.chunk()));
      return false;
    case v1::ImportMembersRequest::PART_NOT_SET:
      break;
  }
  return InvalidField("part", "want start, then chunks");
}

absl::Status MemberImport::ReceiveStart(const v1::ImportMembersRequest::Start& start) {
  if (union_.has_value()) return InvalidField("start", "want it once, in the first message");
  PUHUI_ASSIGN_OR_RETURN(UnionId id, ParseUnionName(start.union_(), "start.union"));
  if (start.size_bytes() == 0 || start.size_bytes() > kImportFileBytesMax) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want a file of 1 to ", kImportFileBytesMax, " bytes, got ",
                                     start.size_bytes()));
  }
  if (!start.hr_system().empty() && !ValidateTextId(start.hr_system(), "hr_system").ok()) {
    return InvalidField("start.hr_system", "want 1 to 40 of a-z, 0-9 and '-'");
  }
  if (!IsSha256(start.sha256())) {
    return InvalidField("start.sha256", "want 64 characters of 0-9 and a-f");
  }
  PUHUI_ASSIGN_OR_RETURN(JoinedUnion joined,
                         FindJoinedUnion(parts_, call_.principal(), std::move(id)));
  const std::string key = absl::StrCat(call_.principal().caller, "\n", joined.id.text(), "\n",
                                       start.size_bytes(), "\n", start.sha256());
  PUHUI_ASSIGN_OR_RETURN(upload_,
                         shelf_.Begin(key, start.size_bytes(), parts_.ledger.engine->Now()));
  union_ = std::move(joined);
  start_ = start;
  return absl::OkStatus();
}

absl::Status MemberImport::ReceiveChunk(absl::string_view chunk) {
  if (!union_.has_value()) return InvalidField("start", "want it in the first message");
  if (chunk.size() > kChunkBytesMax) {
    return InvalidField(
        "chunk", absl::StrCat("want at most ", kChunkBytesMax, " bytes, got ", chunk.size()));
  }
  const std::size_t bytes = upload_.bytes().size() + chunk.size();
  if (bytes > start_.size_bytes()) {
    upload_.TakeBytes();  // Nobody knows which of them are the file's.
    return InvalidField("start.size_bytes",
                        absl::StrCat("want ", start_.size_bytes(), " bytes as it says, got ", bytes,
                                     " and perhaps more"));
  }
  upload_.Append(chunk, parts_.ledger.engine->Now());
  return absl::OkStatus();
}

absl::StatusOr<Pull> MemberImport::Answer(v1::ImportMembersResponse* message) {
  if (reader_ == nullptr) {
    PUHUI_RETURN_IF_ERROR(JudgeFile());
    *message->mutable_progress() = Progress();
    return Pull::kMessage;
  }
  while (pending_.empty() && !progress_due_) {
    PUHUI_ASSIGN_OR_RETURN(const bool more, JudgeChunk());
    if (!more) break;
  }
  if (!pending_.empty()) {
    FillVerdicts(message->mutable_verdicts());
  } else if (progress_due_) {
    progress_due_ = false;
    *message->mutable_progress() = Progress();
  } else if (!summarised_) {
    summarised_ = true;
    *message->mutable_summary() = summary_;
  } else {
    return Pull::kEnd;
  }
  return Pull::kMessage;
}

absl::Status MemberImport::JudgeFile() {
  if (!union_.has_value()) return InvalidField("start", "want it in the first message");
  if (upload_.bytes().size() != start_.size_bytes()) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want ", start_.size_bytes(), " bytes as it says, got ",
                                     upload_.bytes().size()));
  }
  now_ = parts_.ledger.engine->Now();
  std::string file = upload_.TakeBytes();
  summary_.set_sha256(ledger::ToHex(ledger::Sha256().Digest(file)));
  if (summary_.sha256() != start_.sha256()) {
    return InvalidField("start.sha256", "the bytes that came have another");
  }
  // The texts name lines and columns, never what a cell holds.
  absl::StatusOr<issuing::RosterText> text = issuing::DecodeRoster(std::move(file));
  if (!text.ok()) return InvalidField("chunk", text.status().message());
  text_ = *std::move(text);
  summary_.set_encoding(std::string(issuing::TextEncodingName(text_.encoding)));
  absl::Status sound = OpenReader(/*duplicates=*/nullptr);
  while (sound.ok()) {
    const absl::StatusOr<issuing::RosterReader::Found> found = reader_->Next();
    if (!found.ok()) sound = found.status();
    if (!found.ok() || *found == issuing::RosterReader::Found::kEnd) break;
    ++rows_;
  }
  if (!sound.ok()) return InvalidField("chunk", sound.message());
  duplicates_ = reader_->TakeDuplicates();
  if (start_.validate_only()) {
    store_ = parts_.ledger.engine->Read();
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                           issuing::UnionByNumber(*store_, union_->number));
    if (!of.open()) {
      return ledger::ToStatus({.reason = ledger::Reason::kUnionClosed,
                               .field = "start.union",
                               .message = "the union is closed"});
    }
  }
  return OpenReader(&duplicates_);
}

absl::Status MemberImport::OpenReader(
    const std::vector<issuing::RosterReader::Duplicate>* duplicates) {
  reader_ = std::make_unique<issuing::RosterReader>(text_.utf8, duplicates);
  return reader_->ReadHeader({.today = absl::ToCivilDay(now_, union_->zone),
                              .ignore_unknown = start_.ignore_unknown_columns()});
}

absl::StatusOr<absl::optional<MemberImport::Chunk>> MemberImport::ReadChunk() {
  Chunk chunk{.number = chunks_read_};
  chunk.request.set_union_(FormatUnionName(union_->id));
  while (chunk.lines.size() < kChunkRows && chunk.rows < 2 * kChunkRows) {
    PUHUI_ASSIGN_OR_RETURN(const issuing::RosterReader::Found found, reader_->Next());
    if (found == issuing::RosterReader::Found::kEnd) break;
    ++chunk.rows;
    if (found == issuing::RosterReader::Found::kRow) {
      v1::NewMember& row = *chunk.request.add_members();
      row = NewMemberOf(reader_->row());
      row.set_hr_system(start_.hr_system());
      chunk.lines.push_back(reader_->row().line);
      continue;
    }
    summary_.set_refused(summary_.refused() + 1);
    for (const issuing::RowProblem& problem : reader_->problems()) {
      chunk.defects.push_back(ResultOf(problem));
    }
  }
  if (chunk.rows == 0) return absl::optional<Chunk>();
  ++chunks_read_;
  return absl::make_optional(std::move(chunk));
}

// The day is part of the identity: on another day the rows are judged anew, so that who left since
// comes back and what was mended is taken.
absl::StatusOr<std::unique_ptr<ledger::Command>> MemberImport::CommandFor(
    const Chunk& chunk) const {
  PUHUI_ASSIGN_OR_RETURN(auto rows, SealMembers(parts_.ledger.engine->Latest(), *parts_.vault,
                                                *union_, chunk.request.members(), now_));
  auto command = std::make_unique<issuing::CreateMembersCommand>(
      parts_.tables, parts_.views,
      issuing::CreateMembersCommand::Wish{.union_id = union_->id, .rows = std::move(rows)});
  const ledger::Hash digest =
      BodyDigest(*parts_.ledger.request_key, Rpc::kImportMembers, chunk.request);
  const std::string& system = start_.hr_system();
  command->request =
      StepIdentity(call_.principal().caller,
                   absl::StrCat(start_.sha256(), "/", union_->id.text(), "/", system, "/",
                                absl::FormatCivilTime(absl::ToCivilDay(now_, union_->zone))),
                   chunk.number, ledger::TagFromBytes(ledger::AsBytes(digest).substr(0, 16)));
  command->deadline = call_.deadline();
  return command;
}

absl::StatusOr<bool> MemberImport::JudgeChunk() {
  const std::size_t ahead = store_ == nullptr ? BulkRun::kAheadMax : 1;
  while (chunks_.size() < ahead) {
    PUHUI_ASSIGN_OR_RETURN(absl::optional<Chunk> chunk, ReadChunk());
    if (!chunk.has_value()) break;
    if (store_ == nullptr && !chunk->lines.empty()) {
      PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<ledger::Command> command, CommandFor(*chunk));
      PUHUI_RETURN_IF_ERROR(run_.Give(std::move(command)));
    }
    chunks_.push_back(*std::move(chunk));
  }
  if (chunks_.empty()) return false;
  RowResults results;
  if (!chunks_.front().lines.empty()) {
    PUHUI_ASSIGN_OR_RETURN(results, store_ == nullptr ? Enrol() : Foresee());
  }
  Count(chunks_.front(), std::move(results));
  chunks_.pop_front();
  return true;
}

absl::StatusOr<RowResults> MemberImport::Enrol() {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome, run_.Take());
  const Chunk& chunk = chunks_.front();
  PUHUI_ASSIGN_OR_RETURN(auto response, BatchResponse(outcome, chunk.request, union_->zone));
  RowResults results(std::make_move_iterator(response.mutable_results()->begin()),
                     std::make_move_iterator(response.mutable_results()->end()));
  PUHUI_RETURN_IF_ERROR(DrawAgain(chunk, results));
  return results;
}

// Among millions of members a card number that is drawn is taken now and then, which is no fault of
// the row's. Both commands follow from the file, so that a repeat comes to the same.
absl::Status MemberImport::DrawAgain(const Chunk& chunk, RowResults& results) const {
  Chunk again{.number = chunk.number | kSecondDraw};
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].reason() != ledger::ReasonName(ledger::Reason::kAlreadyExists) ||
        results[i].field() != "card_number") {
      continue;
    }
    places.push_back(i);
    *again.request.add_members() = chunk.request.members(static_cast<int>(i));
  }
  if (places.empty()) return absl::OkStatus();
  again.request.set_union_(chunk.request.union_());
  PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<ledger::Command> command, CommandFor(again));
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         parts_.ledger.engine->Run(std::move(command), ledger::Priority::kBulk));
  PUHUI_ASSIGN_OR_RETURN(const auto response, BatchResponse(outcome, again.request, union_->zone));
  for (std::size_t i = 0; i < places.size(); ++i) {
    results[places[i]] = response.results(static_cast<int>(i));
    results[places[i]].set_row(static_cast<std::uint32_t>(places[i]));
  }
  return absl::OkStatus();
}

absl::StatusOr<RowResults> MemberImport::Foresee() {
  return ForeseeMembers(*store_, *parts_.vault, *union_, chunks_.front().request);
}

void MemberImport::Count(const Chunk& chunk, RowResults results) {
  for (v1::MemberRowResult& result : results) {
    result.set_row(chunk.lines[result.row()]);
    if (result.outcome() == v1::MemberRowResult::OUTCOME_CREATED) {
      summary_.set_created(summary_.created() + 1);
    } else if (result.outcome() == v1::MemberRowResult::OUTCOME_CAME_BACK) {
      summary_.set_came_back(summary_.came_back() + 1);
    } else if (result.outcome() == v1::MemberRowResult::OUTCOME_UNCHANGED) {
      summary_.set_unchanged(summary_.unchanged() + 1);
    } else {
      summary_.set_refused(summary_.refused() + 1);
    }
  }
  rows_done_ += chunk.rows;
  progress_due_ = true;
  RowResults all;
  std::merge(std::make_move_iterator(results.begin()), std::make_move_iterator(results.end()),
             chunk.defects.begin(), chunk.defects.end(), std::back_inserter(all), OfEarlierLine);
  for (v1::MemberRowResult& result : all) {
    const bool refused = result.outcome() == v1::MemberRowResult::OUTCOME_REFUSED;
    if (refused || !start_.only_refused()) pending_.push_back(std::move(result));
  }
}

void MemberImport::FillVerdicts(v1::ImportMembersResponse::Verdicts* verdicts) {
  while (!pending_.empty() &&
         static_cast<std::size_t>(verdicts->results_size()) < kResultsPerMessageMax) {
    *verdicts->add_results() = std::move(pending_.front());
    pending_.pop_front();
  }
}

v1::ImportMembersResponse::Progress MemberImport::Progress() const {
  v1::ImportMembersResponse::Progress progress;
  progress.set_rows(rows_);
  progress.set_rows_done(rows_done_);
  return progress;
}

}  // namespace puhui::services
