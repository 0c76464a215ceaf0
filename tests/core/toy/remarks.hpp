#pragma once

#include "tests/core/toy/library.hpp"

/// What readers say about shelves and books of the toy library: rows that hang on others.
namespace tamiti::toy_remarks {

struct Remark {
    Id<Remark> id{};
    Record on{};  ///< a shelf or a book
    std::string text{};
    bool quiet = false;                                  ///< for admins alone
    std::optional<Id<toy_library::Shelf>> shelf_mark{};  ///< a shelf that it keeps from being removed
    std::vector<Id<toy_library::Book>> compare{};        ///< books to read beside
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};
const Model& model_of(tag<Remark>);

/// Beside that their record is seen: quiet ones are for admins.
Scope not_quiet(const Actor& who);

App app();
std::vector<db::Migration> migrations();

}  // namespace tamiti::toy_remarks
