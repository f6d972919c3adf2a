// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_EXPORT_FILE_H_
#define PUHUI_SERVICES_CLI_EXPORT_FILE_H_

#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

// A file that takes long to write, and goes on where it was stopped: `path`.part, and beside it
// `path`.resume, which says what it is of, how much of it counts and the SHA-256 of that. Written
// in one go or in many, it has the same bytes. Readable by its owner only.
// Threads: one at a time, and one file at a time by a path, whatever the process (checked).
// Owns: the descriptor.
class ExportFile {
 public:
  // How far it is.
  struct Place {
    std::uint64_t last_sequence = 0;  // The end that was settled when it began; 0: none was.
    std::uint64_t sequence = 0;       // The last record in it; 0: none yet, or it has no order.
    std::uint64_t count = 0;          // Of records, movements or whatever else is in it.
    std::string token;                // Of the page that comes next; empty: the first one.
    bool whole = false;               // Nothing is left to be read.
    friend bool operator==(const Place&, const Place&) = default;
  };

  // Begins the file, or takes up what an earlier one left. `query` is the digest of what it is of.
  // Refuses: kFailedPrecondition, naming the file that stands in the way: what is there is of
  // another query, is being written, is not what was written, or is a folder.
  // Fails: kUnavailable, naming the path. `opened` is called when the file is open and not locked
  // yet, where another export may begin or end: tests do.
  static absl::StatusOr<std::unique_ptr<ExportFile>> Open(
      const std::string& path, const std::string& query,
      const std::function<void()>& opened = nullptr);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  // Whether there was something to take up, and where that ended.
  bool resumed() const { return resumed_; }
  const Place& place() const { return place_; }

  // Fails, and so does Save: kUnavailable or kResourceExhausted, naming the path.
  absl::Status Append(absl::string_view bytes);
  // All that was appended so far counts, and ends at `place`.
  absl::Status Save(const Place& place);
  // Leaves nothing of a file that holds nothing yet. What has the name `path` stays as it is.
  // Requires: it was not taken up, and never saved (checked).
  void Discard();
  // Saves, gives the file its name and puts its SHA-256 beside it. Nothing else is left.
  absl::StatusOr<std::string> Close(const Place& place);

 private:
  // What stands at a path.
  struct Seen {
    absl::optional<std::string> state{};  // The contents of `path`.resume.
    bool named = false;                   // The file has its name already.
    friend bool operator==(const Seen&, const Seen&) = default;
  };

  ExportFile(std::string path, std::string query, int fd)
      : path_(std::move(path)), query_(std::move(query)), fd_(fd) {}

  static std::string PartPath(const std::string& path) { return path + ".part"; }
  static std::string ResumePath(const std::string& path) { return path + ".resume"; }
  static absl::StatusOr<Seen> Look(const std::string& path);
  // Null when what was seen changed before the file was locked.
  static absl::StatusOr<std::unique_ptr<ExportFile>> TryOpen(const std::string& path,
                                                             const std::string& query,
                                                             const std::function<void()>& opened);
  absl::Status TakeUp(absl::string_view state, bool named);
  absl::Status CheckBytes(std::uint64_t bytes, absl::string_view sha256, bool named);
  absl::Status Failed(const char* what) const;

  const std::string path_;
  const std::string query_;
  const int fd_;
  bool resumed_ = false;
  bool saved_ = false;
  Place place_;
  std::uint64_t bytes_ = 0;
  ledger::Sha256 sha256_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_EXPORT_FILE_H_
