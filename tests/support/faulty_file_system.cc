// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faulty_file_system.h"

#include "ledger/base/check.h"
#include "ledger/base/mutex.h"

#include "absl/base/thread_annotations.h"
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>

namespace puhui {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// What is ordered, and what of each file would survive a power cut.
class FaultPlan {
 public:
  using Fault = FaultyFileSystem::Fault;
  enum class Kind { kSync, kOther };

  // Counts one operation; the status is not OK when it has to fail.
  IOStatus Begin(Kind kind, const std::string& path) {
    MutexLock lock(&mutex_);
    if (path.find("/LOG") != std::string::npos) return IOStatus::OK();
    ++operations_;
    if (!power_) return IOStatus::IOError("injected power cut", path);
    const bool counted = !syncs_only_ || kind == Kind::kSync;
    if (!counted || left_ == 0) return IOStatus::OK();
    if (--left_ != 0) return IOStatus::OK();
    if (for_good_) left_ = 1;
    failed_ = true;
    return fault_ == Fault::kNoSpace ? IOStatus::NoSpace("injected fault", path)
                                     : IOStatus::IOError("injected fault", path);
  }

  void Order(std::uint64_t n, Fault fault, bool for_good, bool syncs_only) {
    MutexLock lock(&mutex_);
    left_ = n;
    fault_ = fault;
    for_good_ = for_good;
    syncs_only_ = syncs_only;
    failed_ = false;
  }
  std::uint64_t operations() const {
    MutexLock lock(&mutex_);
    return operations_;
  }
  bool failed() const {
    MutexLock lock(&mutex_);
    return failed_;
  }
  void SetPower(bool power) {
    MutexLock lock(&mutex_);
    power_ = power;
  }
  bool power() const {
    MutexLock lock(&mutex_);
    return power_;
  }

  void SetFreeBytes(absl::optional<std::uint64_t> bytes) {
    MutexLock lock(&mutex_);
    free_bytes_ = bytes;
  }
  absl::optional<std::uint64_t> free_bytes() const {
    MutexLock lock(&mutex_);
    return free_bytes_;
  }

  void Made(const std::string& path, std::uint64_t size) {
    MutexLock lock(&mutex_);
    files_[path] = File{size, size, size == 0};
  }
  void Appended(const std::string& path, std::uint64_t bytes) {
    MutexLock lock(&mutex_);
    files_[path].size += bytes;
  }
  void Synced(const std::string& path) {
    MutexLock lock(&mutex_);
    files_[path].synced = files_[path].size;
  }
  void DirectorySynced(const std::string& directory) {
    MutexLock lock(&mutex_);
    for (auto& [path, file] : files_) {
      if (std::filesystem::path(path).parent_path() ==
          std::filesystem::path(directory + "/").parent_path()) {
        file.unlisted = false;
      }
    }
  }
  void Renamed(const std::string& from, const std::string& to) {
    MutexLock lock(&mutex_);
    const auto file = files_.find(from);
    if (file == files_.end()) return;
    files_[to] = File{file->second.size, file->second.synced, false};
    files_.erase(file);
  }
  void Deleted(const std::string& path) {
    MutexLock lock(&mutex_);
    files_.erase(path);
  }

  void DropUnsynced() {
    MutexLock lock(&mutex_);
    for (const auto& [path, file] : files_) {
      if (file.unlisted) {
        std::filesystem::remove(path);
      } else if (std::filesystem::exists(path) && std::filesystem::file_size(path) > file.synced) {
        std::filesystem::resize_file(path, file.synced);
      }
    }
    files_.clear();
  }

 private:
  struct File {
    std::uint64_t size = 0;
    std::uint64_t synced = 0;
    bool unlisted = false;  // Its directory has not been synced since it was made.
  };

  mutable Mutex mutex_;
  std::uint64_t operations_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t left_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: nothing is ordered.
  Fault fault_ ABSL_GUARDED_BY(mutex_) = Fault::kIoError;
  bool for_good_ ABSL_GUARDED_BY(mutex_) = false;
  bool syncs_only_ ABSL_GUARDED_BY(mutex_) = false;
  bool failed_ ABSL_GUARDED_BY(mutex_) = false;
  bool power_ ABSL_GUARDED_BY(mutex_) = true;
  absl::optional<std::uint64_t> free_bytes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
};

namespace {

using Kind = FaultPlan::Kind;

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::string path,
             std::shared_ptr<FaultPlan> plan)
      : FSWritableFileOwnerWrapper(std::move(file)),
        path_(std::move(path)),
        plan_(std::move(plan)) {}

  using FSWritableFileOwnerWrapper::PositionedAppend;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* dbg) override {
    const IOStatus fault = plan_->Begin(Kind::kOther, path_);
    if (!fault.ok() && !plan_->power()) return fault;
    const Slice written(data.data(), fault.ok() ? data.size() : data.size() / 2);
    IOStatus status = FSWritableFileOwnerWrapper::Append(written, options, dbg);
    if (status.ok()) plan_->Appended(path_, written.size());
    return fault.ok() ? status : fault;
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*verification*/,
                  IODebugContext* dbg) override {
    return Append(data, options, dbg);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kSync, path_);
    if (status.ok()) status = FSWritableFileOwnerWrapper::Sync(options, dbg);
    if (status.ok()) plan_->Synced(path_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    return Sync(options, dbg);
  }

 private:
  const std::string path_;
  const std::shared_ptr<FaultPlan> plan_;
};

class FaultyDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::unique_ptr<rocksdb::FSDirectory>&& directory, std::string path,
                  std::shared_ptr<FaultPlan> plan)
      : FSDirectoryWrapper(std::move(directory)), path_(std::move(path)), plan_(std::move(plan)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, path_);
    if (status.ok()) status = FSDirectoryWrapper::Fsync(options, dbg);
    if (status.ok()) plan_->DirectorySynced(path_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* dbg,
                               const rocksdb::DirFsyncOptions& /*reason*/) override {
    return Fsync(options, dbg);
  }

 private:
  const std::string path_;
  const std::shared_ptr<FaultPlan> plan_;
};

class FaultyFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFiles(std::shared_ptr<FaultPlan> plan)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), plan_(std::move(plan)) {}

  const char* Name() const override { return "FaultyFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, path);
    if (status.ok()) status = FileSystemWrapper::NewWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(path, 0, file);
    return status;
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                              IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, path);
    if (status.ok()) status = FileSystemWrapper::ReopenWritableFile(path, options, file, dbg);
    if (status.ok()) Wrap(path, std::filesystem::file_size(path), file);
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext* dbg) override {
    IOStatus status = FileSystemWrapper::NewDirectory(path, options, directory, dbg);
    if (status.ok()) {
      *directory = std::make_unique<FaultyDirectory>(std::move(*directory), path, plan_);
    }
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, path);
    if (status.ok()) status = FileSystemWrapper::DeleteFile(path, options, dbg);
    if (status.ok()) plan_->Deleted(path);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, from);
    if (status.ok()) status = FileSystemWrapper::RenameFile(from, to, options, dbg);
    if (status.ok()) plan_->Renamed(from, to);
    return status;
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* dbg) override {
    IOStatus status = plan_->Begin(Kind::kOther, from);
    return status.ok() ? FileSystemWrapper::LinkFile(from, to, options, dbg) : status;
  }
  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options, std::uint64_t* bytes,
                        IODebugContext* dbg) override {
    const absl::optional<std::uint64_t> said = plan_->free_bytes();
    if (!said.has_value()) return FileSystemWrapper::GetFreeSpace(path, options, bytes, dbg);
    *bytes = *said;
    return IOStatus::OK();
  }

 private:
  void Wrap(const std::string& path, std::uint64_t size,
            std::unique_ptr<rocksdb::FSWritableFile>* file) {
    plan_->Made(path, size);
    *file = std::make_unique<FaultyFile>(std::move(*file), path, plan_);
  }

  const std::shared_ptr<FaultPlan> plan_;
};

}  // namespace

FaultyFileSystem::FaultyFileSystem()
    : plan_(std::make_shared<FaultPlan>()),
      env_(rocksdb::NewCompositeEnv(std::make_shared<FaultyFiles>(plan_))) {}
FaultyFileSystem::~FaultyFileSystem() = default;

std::uint64_t FaultyFileSystem::operations() const { return plan_->operations(); }

void FaultyFileSystem::FailAt(std::uint64_t n, Fault fault, bool for_good) {
  PUHUI_CHECK(n > 0);
  plan_->Order(n, fault, for_good, /*syncs_only=*/false);
}

void FaultyFileSystem::FailSyncAt(std::uint64_t n, Fault fault) {
  PUHUI_CHECK(n > 0);
  plan_->Order(n, fault, /*for_good=*/false, /*syncs_only=*/true);
}

bool FaultyFileSystem::failed() const { return plan_->failed(); }

void FaultyFileSystem::Heal() {
  plan_->Order(0, Fault::kIoError, /*for_good=*/false, /*syncs_only=*/false);
}

void FaultyFileSystem::CutPower() { plan_->SetPower(false); }

void FaultyFileSystem::RestorePower() {
  plan_->DropUnsynced();
  plan_->SetPower(true);
}

void FaultyFileSystem::SetFreeBytes(absl::optional<std::uint64_t> bytes) {
  plan_->SetFreeBytes(bytes);
}

}  // namespace puhui
