#pragma once

#include <optional>
#include <string>

#include "core/db/migrations.hpp"
#include "core/model/types.hpp"
#include "core/program/app.hpp"

/// A small app for the engine's own tests: shelves of books that readers keep and lend. Whoever is sent as
/// `Authorization: Toy <id> <role> [<time zone>]` is somebody with that role; nobody proves anything.
namespace tamiti {
struct StoredSettings;
}

namespace tamiti::toy_library {

struct Shelf;
struct Book;
const Model& model_of(tag<Shelf>);
const Model& model_of(tag<Book>);

struct Shelf {
    Id<Shelf> id{};
    std::string name{};
    std::string keeper{};  ///< the id of whoever answers for it
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

struct Book {
    Id<Book> id{};
    Id<Shelf> shelf{};
    std::string title{};
    bool hidden = false;
    std::string lent_to{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
    std::optional<Timestamp> deleted_at{};
};

/// Whether and for how long the library lends books: "library.lending", which admins change.
struct LendingRules {
    bool open = true;
    std::optional<int> days{};
};
const StoredSettings& settings_of(tag<LendingRules>);

/// How a reader lends: "library.lender", each their own.
struct Lender {
    std::string signature{};
};
const StoredSettings& settings_of(tag<Lender>);

/// Admins see and change everything. Others see all shelves but those of admins' making that are hidden with
/// their books, and change what stands on shelves of their own; clients see nothing.
Scope visible_shelves(const Actor& who);
Scope kept_shelves(const Actor& who);
Scope visible_books(const Actor& who);
Scope kept_books(const Actor& who);

App app();
std::vector<db::Migration> migrations();

}  // namespace tamiti::toy_library
