#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/matrix/samples.hpp"
#include "tests/support/matrix/table.hpp"

namespace tamiti::test {

/// Who asks.
struct Cast {
    std::vector<std::string> actors;  ///< signed in, in the order in which tables name them
    std::vector<std::string>
        nobodies;       ///< guest first, then accounts that are closed: all are answered alike
    std::string chief;  ///< may make and remove every row
    std::string owner;  ///< whom kinds of rows are named after
    /// Signs somebody in afresh, after a verb that may have ended their session.
    std::function<void(const std::string& who)> sign_in_again;
};

/// What the operations of one app answer each of the cast about each kind of row.
///
/// What is generic follows from the declared scopes: they are evaluated in the database for every actor and
/// row, the answers are derived from that, and an answer that is another is an exception that the table must
/// name. The table also has what the scopes say, so that a scope that changes is noticed as well. Of verbs it
/// has the answers; of verbs on rows only those of who may do it, since the engine tells the rest from the
/// scopes. Where the scope of such a verb is one of its resource the title says so, "like changes", and lines
/// below it are exceptions.
class Matrix {
public:
    struct Cell {
        std::string operation, kind, actor;
        int status = 0;
    };

    Matrix(Cast cast, std::string app);

    /// Asks everything, one operation after the other. Requests that are allowed change nothing, or what the
    /// next ones take back, or add rows that no other asks about.
    void ask();

    const Table& table() const { return table_; }
    const std::vector<Cell>& cells() const { return cells_; }

    /// Fails the test for each line of the file that says otherwise, and prints what the file should say.
    void compare(const std::string& file) const;

private:
    /// What an actor may do with a row.
    struct Rights {
        bool sees = false, changes = false, removes = false, is_in_trash = false;
        bool is_there() const { return sees && !is_in_trash; }
    };
    struct Reply {
        Answer answer;
        int barred = 0;  ///< before it was sent, of a verb on one row
    };
    using RightsOf = std::map<std::string, std::map<std::string, Rights>, KindOrder>;

    void state_rights(const Resource& resource);
    void ask_list(const Operation& operation);
    void ask_summary(const Operation& operation);
    void ask_row(const Operation& operation, const Sending& sending, const std::string& kind,
                 const std::string& id);
    int derived(const Operation& operation, const std::string& about, const std::string& kind,
                const std::string& actor, int status);
    /// What the engine answers before a verb on one row runs, by the scopes as they are now: 404 or 403, and
    /// 0 where the verb runs.
    int barred(const Operation& operation, const std::string& actor, const std::string& id) const;
    void check_made(const Operation& operation, const std::string& actor, const std::string& id) const;
    void note(const Operation& operation, const std::string& about, const std::string& kind,
              const std::string& actor, int status);
    void note_verb(const Operation& operation, const std::string& kind, const std::string& actor,
                   const Reply& reply);
    Reply send(const Operation& operation, const Sending& sending, const std::string& actor,
               const std::string& kind, const std::string& id);
    void ask_nobodies(const Operation& operation, const Sending& sending, const std::string& kind,
                      const std::string& id);
    const RightsOf& rights_at(const std::string& path);
    RightsOf evaluate(const Resource& resource) const;

    Cast cast_;
    std::string app_;
    Table table_{};
    std::vector<Cell> cells_{};
    std::map<std::string, RightsOf> rights_{};
    std::map<std::string, int> single_{};  ///< statuses that bulk must answer too, by path, kind and actor
};

}  // namespace tamiti::test
