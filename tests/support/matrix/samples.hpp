#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/api/operations.hpp"
#include "tests/support/api.hpp"

/// What an authorization matrix asks about: rows of every kind, and requests that are good but for who sends
/// them.
namespace tamiti::test {

/// The ids of a resource's sample rows by kind: "own" is a row of `owner`, "team" one that they have to do
/// with, "other" one that they have nothing to do with, "deleted" one in the trash or gone, "internal" one
/// that a client must not see.
struct KindOrder {
    bool operator()(const std::string& a, const std::string& b) const;
};
using Kinds = std::map<std::string, std::string, KindOrder>;

/// How one operation is asked, where the declaration doesn't say it.
struct Sending {
    /// The path whose rows the body or the query names; empty where the operation's own path or a required
    /// reference of its model tells.
    std::string about{};
    std::function<Body(const std::string& id, const std::string& kind)> body{};
    std::string query{};  ///< "?user={id}"
    std::string text{};   ///< in place of the path's parameter where that is no id
    /// Before and after each request: what gives it something to do, and what lets the next one do the same.
    std::function<void(const std::string& id)> before{};
    std::function<void(const std::string& id)> after{};
};

/// What one app gives; a static object in a file of its tests folder called samples.cpp. A resource that no
/// app has rows for gets some of its own: by `owner` and by the chief, made of examples of its required
/// fields.
struct Samples {
    /// Makes the rows of several resources, once in a suite and when they are first asked for.
    struct Rows {
        std::vector<std::string> paths;
        std::map<std::string, Kinds> (*make)();
    };
    Samples(std::vector<Rows> rows, std::map<std::string, Sending> requests = {});
};

/// Who makes sample rows where no app does, and forgets those of the suite before.
void start_samples(const std::string& chief, const std::string& owner);

/// The sample rows of a path; four ids of nothing where it is no resource's and no app makes them.
const Kinds& kinds_at(const std::string& path);

/// Gives a path its sample rows in a test of its own.
void set_kinds(const std::string& path, Kinds kinds);

/// How the operation is sent, what it is about included: a path, or empty where it is about no row.
Sending sending_of(const Operation& operation);

/// "POST /milestones".
std::string name_of(const Operation& operation);

/// A body that creates a row: examples of the required fields; where `about` is a resource's path the
/// reference to it is `id`.
Body example_of(const Resource& resource, const std::string& about, const std::string& id);

/// A word that no sample has yet: "New 7".
std::string new_name();

/// Changes rows past all rules, as the program itself.
void change_rows(const std::string& statement, const std::vector<std::string>& values = {});

/// Removes a row of a path as the chief and answers its id.
std::string removed(const std::string& path, const std::string& id);

}  // namespace tamiti::test
