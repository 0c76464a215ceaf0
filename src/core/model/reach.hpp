#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "core/access/actor.hpp"
#include "core/access/scope.hpp"
#include "core/model/types.hpp"

/// Reach: scopes over rows that belong to rows of another model. "Milestones whose project I see" is
/// `seen<Project>(who, "project")`, "those whose project I may change" `changeable<Project>(who, "project")`.
///
/// A model that others belong to says what somebody reaches beside its model_of():
///
///     Reach seen_rows(tag<Project>, const Actor& who);
///     Reach changeable_rows(tag<Project>, const Actor& who);
namespace tamiti {

/// The rows of a model that somebody reaches: all, none, or those whose ids any of some SELECTs answers. Each
/// SELECT has one way to the rows (those I own; those I am a member of) and is answered by an index of its
/// own, which one SELECT with OR would not be. None of them may answer NULL.
class Reach {
public:
    explicit Reach(std::vector<Sql> ids) : ids_(std::move(ids)) {}

    static Reach all() { return Reach(true); }
    static Reach none() { return Reach(false); }

    /// Rows whose `column` is the id of one that is reached; "id" for the rows themselves.
    Scope by(std::string_view column) const;

private:
    explicit Reach(bool all) : all_(all) {}

    std::vector<Sql> ids_{};
    bool all_ = false;
};

/// Rows whose `column` refers to a row of T that the actor sees.
template <class T>
Scope seen(const Actor& who, std::string_view column) {
    return seen_rows(tag<T>{}, who).by(column);
}

/// Rows whose `column` refers to a row of T that the actor may change.
template <class T>
Scope changeable(const Actor& who, std::string_view column) {
    return changeable_rows(tag<T>{}, who).by(column);
}

}  // namespace tamiti
