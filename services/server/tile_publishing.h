// SPDX-License-Identifier: Apache-2.0
// Keeps the folder that a web server hands out behind the journal.
#ifndef PUHUI_SERVICES_SERVER_TILE_PUBLISHING_H_
#define PUHUI_SERVICES_SERVER_TILE_PUBLISHING_H_

#include "ledger/base/mutex.h"
#include "ledger/engine/engine.h"
#include "ledger/journal/prover.h"
#include "ledger/journal/published_tiles.h"

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"

#include <functional>
#include <thread>
#include <utility>

namespace puhui::services {

// A thread that takes small steps, and rests between them: nothing waits for it. What it cannot
// write it says, and tries again after a minute.
// Threads: Start and Stop from one. Borrows: the engine and the prover.
class TilePublishing {
 public:
  TilePublishing(ledger::TilePublisher::Options options, const ledger::Engine* engine,
                 ledger::Prover* prover, std::function<void(absl::string_view)> say)
      : engine_(*engine), publisher_(std::move(options), prover), say_(std::move(say)) {}
  ~TilePublishing() { Stop(); }
  TilePublishing(const TilePublishing&) = delete;
  TilePublishing& operator=(const TilePublishing&) = delete;

  void Start();
  // Idempotent.
  void Stop();

 private:
  void Run();

  const ledger::Engine& engine_;
  ledger::TilePublisher publisher_;  // The thread's.
  const std::function<void(absl::string_view)> say_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_TILE_PUBLISHING_H_
