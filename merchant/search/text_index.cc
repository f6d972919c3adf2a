// SPDX-License-Identifier: Apache-2.0
#include "merchant/search/text_index.h"

#include "ledger/base/status_macros.h"
#include "merchant/search/index_note.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include <sys/stat.h>
#include <xapian.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace puhui::merchant {
namespace {

// Another number makes indexes of earlier releases be built anew: for other terms, or other text.
constexpr char kVersion[] = "1";
constexpr char kVersionKey[] = "version";
constexpr char kSequenceKey[] = "sequence";
constexpr char kRecordKey[] = "record";
// Of the pinyin initials that begin as somebody's word does: enough merchants for one word.
constexpr Xapian::termcount kInitialsExpanded = 64;
// Commits overtake whoever opens or reads the index, and what the library says then is not always
// that it was overtaken. After so many tries one is made while nothing is written.
constexpr int kTriesBesideTheWriter = 2;

Xapian::docid DocumentOf(OfferNumber offer) { return static_cast<Xapian::docid>(offer); }

// The library reports everything by exceptions; none leaves this file.
template <class Body>
absl::Status Guarded(absl::string_view what, Body body) {
  try {
    body();
  } catch (const Xapian::Error& error) {
    return absl::UnavailableError(absl::StrCat(what, ": ", error.get_type()));
  }
  return absl::OkStatus();
}

// The file that names the index's revision; 0 when it is not there. A commit replaces it, so its
// directory says whether this is still the same index.
std::uint64_t InodeOf(const std::string& directory) {
  struct stat found {};
  struct stat file {};
  const bool there = ::stat(directory.c_str(), &found) == 0 &&
                     ::stat(absl::StrCat(directory, "/iamglass").c_str(), &file) == 0;
  return there ? static_cast<std::uint64_t>(found.st_ino) : 0;
}

// Gathers the weight of everything that matches; ranking is ours, with more than text.
class Gathering final : public Xapian::MatchSpy {
 public:
  explicit Gathering(std::vector<TextHit>* hits) : hits_(*hits) {}
  void operator()(const Xapian::Document& document, double weight) override {
    hits_.push_back({.offer = OfferNumber{document.get_docid()}, .weight = weight});
  }

 private:
  std::vector<TextHit>& hits_;
};

Xapian::Query AllOf(const std::vector<std::string>& terms) {
  return Xapian::Query(Xapian::Query::OP_AND, terms.begin(), terms.end());
}

Xapian::Query QueryOf(const WantedWord& word) {
  std::vector<Xapian::Query> any;
  for (const auto& spelling : word.spellings) any.push_back(AllOf(spelling));
  if (!word.initials.empty()) {
    any.emplace_back(Xapian::Query::OP_WILDCARD, word.initials, kInitialsExpanded,
                     Xapian::Query::WILDCARD_LIMIT_FIRST);
  }
  return Xapian::Query(Xapian::Query::OP_MAX, any.begin(), any.end());
}

Xapian::Query QueryOf(const TextQuery& query) {
  std::vector<Xapian::Query> all;
  for (const WantedWord& word : query.words) all.push_back(QueryOf(word));
  return Xapian::Query(Xapian::Query::OP_AND, all.begin(), all.end());
}

ledger::JournalMark ReadMark(const Xapian::Database& database) {
  ledger::JournalMark mark;
  const std::string record = database.get_metadata(kRecordKey);
  if (!absl::SimpleAtoi(database.get_metadata(kSequenceKey), &mark.sequence) ||
      record.size() != mark.record.size()) {
    return {};
  }
  mark.record = ledger::HashFromBytes(record);
  return mark;
}

}  // namespace

struct TextIndex::Writer {
  Xapian::WritableDatabase database;
};

struct TextIndex::Reader {
  Xapian::Database database;
  std::uint64_t revision = 0;
  std::vector<TextHit> hits{};  // Of the last search: its room is used again.
};

TextIndex::TextIndex(std::string directory, std::unique_ptr<Writer> writer)
    : directory_(std::move(directory)),
      writer_(std::move(writer)),
      mark_(ReadMark(writer_->database)),
      inode_(InodeOf(directory_)) {}

// The library commits what was put: it is put again, because the mark is of before.
TextIndex::~TextIndex() {
  const absl::Status closed = Guarded("close", [this] { writer_->database.close(); });
  if (!InPlace()) return;
  const bool synced = closed.ok() && !damaged() && NoteSynced(directory_).ok();
  if (!synced) NoteLost(directory_).IgnoreError();
}

absl::StatusOr<std::unique_ptr<TextIndex>> TextIndex::Create(const std::string& directory) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat("search index ", directory, ": ", error.message()));
  }
  PUHUI_RETURN_IF_ERROR(NoteWriting(directory));
  auto writer = std::make_unique<Writer>();
  PUHUI_RETURN_IF_ERROR(Guarded("create the search index", [&] {
    writer->database = Xapian::WritableDatabase(
        directory, Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    writer->database.set_metadata(kVersionKey, kVersion);
    writer->database.commit();
  }));
  return std::unique_ptr<TextIndex>(new TextIndex(directory, std::move(writer)));
}

absl::StatusOr<std::unique_ptr<TextIndex>> TextIndex::Open(const std::string& directory) {
  if (InodeOf(directory) == 0) return absl::NotFoundError("there is no search index");
  if (!IsWhole(directory)) {
    return absl::NotFoundError("the machine stopped while the search index was written");
  }
  PUHUI_RETURN_IF_ERROR(NoteWriting(directory));
  auto writer = std::make_unique<Writer>();
  std::string version;
  PUHUI_RETURN_IF_ERROR(Guarded("open the search index", [&] {
    writer->database = Xapian::WritableDatabase(directory, Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
    version = writer->database.get_metadata(kVersionKey);
  }));
  if (version != kVersion) return absl::NotFoundError("the search index is of another version");
  std::unique_ptr<TextIndex> index;
  PUHUI_RETURN_IF_ERROR(Guarded("read the search index", [&] {
    index = std::unique_ptr<TextIndex>(new TextIndex(directory, std::move(writer)));
  }));
  return index;
}

absl::Status TextIndex::Put(OfferNumber offer, const WeighedTerms& terms) {
  MutexLock lock(&writing_);
  return Guarded("write the search index", [&] {
    Xapian::Document document;
    for (const auto& [term, weight] : terms) document.add_term(term, weight);
    writer_->database.replace_document(DocumentOf(offer), document);
  });
}

absl::Status TextIndex::Remove(OfferNumber offer) {
  MutexLock lock(&writing_);
  return Guarded("write the search index", [&] {
    try {
      writer_->database.delete_document(DocumentOf(offer));
    } catch (const Xapian::DocNotFoundError&) {
      // It was never published, or has gone already.
    }
  });
}

absl::Status TextIndex::Commit(const ledger::JournalMark& mark) {
  MutexLock lock(&writing_);
  PUHUI_RETURN_IF_ERROR(Guarded("commit the search index", [&] {
    writer_->database.set_metadata(kSequenceKey, absl::StrCat(mark.sequence));
    writer_->database.set_metadata(kRecordKey, std::string(ledger::AsBytes(mark.record)));
    writer_->database.commit();
  }));
  mark_ = mark;
  revision_.fetch_add(1, std::memory_order_acq_rel);
  return absl::OkStatus();
}

bool TextIndex::InPlace() const { return inode_ != 0 && InodeOf(directory_) == inode_; }

absl::StatusOr<std::unique_ptr<TextIndex::Reader>> TextIndex::TakeReader() const {
  std::unique_ptr<Reader> reader;
  {
    MutexLock lock(&mutex_);
    if (!readers_.empty()) {
      reader = std::move(readers_.back());
      readers_.pop_back();
    }
  }
  const std::uint64_t revision = revision_.load(std::memory_order_acquire);
  if (reader != nullptr && reader->revision == revision) return reader;
  PUHUI_RETURN_IF_ERROR(Guarded("read the search index", [&] {
    if (reader == nullptr) {
      reader = std::make_unique<Reader>(Reader{.database = Xapian::Database(directory_)});
    } else {
      reader->database.reopen();
    }
  }));
  reader->revision = revision;
  return reader;
}

void TextIndex::GiveBack(std::unique_ptr<Reader> reader) const {
  MutexLock lock(&mutex_);
  readers_.push_back(std::move(reader));
}

absl::Status TextIndex::Try(const TextQuery& query,
                            absl::FunctionRef<void(const TextHit&)> visit) const {
  PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<Reader> reader, TakeReader());
  std::vector<TextHit>& hits = reader->hits;
  hits.clear();
  Gathering gathering(&hits);
  PUHUI_RETURN_IF_ERROR(Guarded("search", [&] {  // A reader that failed is dropped.
    Xapian::Enquire enquire(reader->database);
    // Without the length of documents, which would have to be read for each.
    enquire.set_weighting_scheme(Xapian::BM25Weight(1, 0, 1, 0, 0.5));
    enquire.set_docid_order(Xapian::Enquire::DONT_CARE);
    enquire.set_query(QueryOf(query));
    enquire.add_matchspy(&gathering);
    enquire.get_mset(0, 0, reader->database.get_doccount());
  }));
  for (const TextHit& hit : hits) visit(hit);
  GiveBack(std::move(reader));
  return absl::OkStatus();
}

absl::Status TextIndex::Find(const TextQuery& query,
                             absl::FunctionRef<void(const TextHit&)> visit) const {
  if (query.words.empty()) return absl::OkStatus();
  for (int tried = 0; tried < kTriesBesideTheWriter; ++tried) {
    if (Try(query, visit).ok()) return absl::OkStatus();
  }
  MutexLock lock(&writing_);
  {
    MutexLock forget(&mutex_);
    readers_.clear();
  }
  if (Try(query, visit).ok()) return absl::OkStatus();
  damaged_.store(true, std::memory_order_release);
  return absl::UnavailableError("the search index cannot be read");
}

}  // namespace puhui::merchant
