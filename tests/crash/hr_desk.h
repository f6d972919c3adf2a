// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_HR_DESK_H_
#define PUHUI_TESTS_CRASH_HR_DESK_H_

#include "puhui/v1/member_service.grpc.pb.h"
#include "tests/crash/referee.h"
#include "tests/crash/told.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/deployment.h"

#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::testing {

// Enrols people batch by batch, with what it was told of each batch.
// Threads: one at a time.
class HrDesk {
 public:
  HrDesk(std::string path, std::string union_name, std::size_t first_person, std::uint64_t seed)
      : path_(std::move(path)),
        union_name_(std::move(union_name)),
        next_person_(first_person),
        random_(seed) {}

  void Connect(const Deployment& deployment);
  void Disconnect() { stub_ = nullptr; }
  // One batch after the other, until nobody answers.
  void Play(Referee* referee);

  // After the restart: who was told of is there, with all that belongs to the person; of the batch
  // that nobody answered, everybody or nobody is.
  void ExpectKept();
  void ExpectSameAnswers();
  void EndRound() { round_ = batches_.size(); }
  void ExpectSameAnswersToAll();

  // Records of the journal.
  std::uint64_t batches() const { return batches_.size(); }
  std::uint64_t joined() const { return joined_; }

 private:
  struct Batch {
    v1::BatchCreateMembersRequest request;
    std::size_t new_people = 0;  // Rows from the first that must be created.
    absl::optional<Told> told;
  };
  v1::BatchCreateMembersRequest NextRequest(std::size_t* new_people);
  Told Send(const Batch& batch);
  void Learn(Batch& batch);
  absl::StatusOr<v1::Member> Find(const v1::NewMember& person);
  void ExpectSameAnswer(Batch& batch);

  const std::string path_;
  const std::string union_name_;
  std::size_t next_person_;
  SeededRandom random_;
  std::unique_ptr<v1::MemberService::Stub> stub_;
  std::vector<Batch> batches_;
  std::size_t round_ = 0;
  std::uint64_t joined_ = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_HR_DESK_H_
