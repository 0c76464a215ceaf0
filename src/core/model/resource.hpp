#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/model/model.hpp"
#include "core/model/record.hpp"
#include "core/model/tx.hpp"

/// Models mounted at paths: which rows exist for whom, and what an app adds to generic writes.
namespace tamiti {

class Catalogue;

/// Which rows of a resource exist for an actor, and what the actor may do with them. An operation without a
/// rule is not offered. Not in `view` is 404; in `view` but not in `change` or `remove` is 403. `create` is
/// the scope that a new row must lie in; a changed row must lie in `change` before and after.
struct Access {
    Scope (*view)(const Actor&) = nullptr;
    Scope (*create)(const Actor&) = nullptr;
    Scope (*change)(const Actor&) = nullptr;
    Scope (*remove)(const Actor&) = nullptr;

    /// Rows that are shown in brief, beside those in `view`, where a row that the actor sees refers to them:
    /// whoever reads a comment reads who wrote it. Nothing else of them can be read, filtered or searched.
    Scope (*named)(const Actor&) = nullptr;

    /// The name of a Record of the model, "on": only who sees the record sees the row, and `view` says what
    /// must be true beside.
    std::string_view seen_with{};
};

/// What an app adds to generic writes; both run inside the transaction. `before` is null on create.
template <class T>
struct Rule {
    void (*before_save)(Tx&, const Actor&, T& next, const T* before) = nullptr;
    void (*after_save)(Tx&, const Actor&, const T& now, const T* before) = nullptr;
    void (*before_remove)(Tx&, const Actor&, const T& row) = nullptr;
    /// The row is about to come back from the trash: may refuse.
    void (*before_return)(Tx&, const Actor&, Id<T> row) = nullptr;
    /// What hangs on the row (Access::seen_with) is about to be made, changed, removed or brought back: may
    /// refuse.
    void (*before_hung)(Tx&, const Actor&, Id<T> row) = nullptr;
};

/// A model mounted at a path: list, read, create, patch, delete.
struct Resource {
    std::string path;  ///< "/tasks"
    const Model* model = nullptr;
    Access access;

    // Set by the catalogue that it is in.
    std::string app{};  ///< that mounts it, which need not be the one that its model belongs to
    const Catalogue* catalogue = nullptr;

    bool answers_tokens =
        true;  ///< set by the registry: false where the app answers no token (App::no_token)

    /// The rows that exist for the actor; those in the trash among them. With `about` only rows whose record
    /// (Access::seen_with) is one of those: a scope that asks less.
    Scope visible_to(const Actor& who, const RecordsNamed& about = {}) const;

    /// The same, whatever the actor's token was granted.
    Scope seen_by(const Actor& who, const RecordsNamed& about = {}) const;

    // The typed rules, behind functions over row objects.
    std::function<std::shared_ptr<void>()> make_row{};
    std::function<void(Tx&, const Actor&, void* next, const void* before)> before_save{};
    std::function<void(Tx&, const Actor&, const void* now, const void* before)> after_save{};
    std::function<void(Tx&, const Actor&, const void* row)> before_remove{};
    std::function<void(Tx&, const Actor&, const Uuid& row)> before_return{};
    std::function<void(Tx&, const Actor&, const Uuid& row)> before_hung{};
};

template <class T>
Resource resource(std::string path, Access access, Rule<T> rule = {}) {
    Resource made{.path = std::move(path), .model = &model_of(tag<T>{}), .access = access};
    made.make_row = [] { return std::static_pointer_cast<void>(std::make_shared<T>()); };
    if (rule.before_save)
        made.before_save = [rule](Tx& tx, const Actor& who, void* next, const void* before) {
            rule.before_save(tx, who, *static_cast<T*>(next), static_cast<const T*>(before));
        };
    if (rule.after_save)
        made.after_save = [rule](Tx& tx, const Actor& who, const void* now, const void* before) {
            rule.after_save(tx, who, *static_cast<const T*>(now), static_cast<const T*>(before));
        };
    if (rule.before_remove)
        made.before_remove = [rule](Tx& tx, const Actor& who, const void* row) {
            rule.before_remove(tx, who, *static_cast<const T*>(row));
        };
    if (rule.before_return)
        made.before_return = [rule](Tx& tx, const Actor& who, const Uuid& row) {
            rule.before_return(tx, who, Id<T>{row});
        };
    if (rule.before_hung)
        made.before_hung = [rule](Tx& tx, const Actor& who, const Uuid& row) {
            rule.before_hung(tx, who, Id<T>{row});
        };
    return made;
}

/// Rows that somebody must answer for: what a person leaves behind who goes. `open` is a condition over bare
/// column names that tells work still to be done from history: {&model_of(tag<Task>{}), "owner",
/// "completed_at IS NULL"}.
struct Responsibility {
    const Model* model = nullptr;
    std::string field{};  ///< a reference, or list of references, to a user
    std::string open = "true";
};

}  // namespace tamiti
