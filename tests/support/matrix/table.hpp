#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tamiti::test {

/// An authorization matrix as text, one file for each app. A block begins with the path of a resource or with
/// an operation and has a line for each thing that is said of it, with the kinds of rows that it is said of:
///
///     /milestones
///         sees own internal: admin manager finance owner
///         changes own: admin manager owner
///         but change deleted: 409 admin
///     POST /milestones/{id}/complete like changes
///     POST /milestones/{id}/sign-off
///         team: 200 buyer
///     POST /auth/view-as/{user}
///         own team other: 200 admin | 403 *
///
/// "*" is everybody who isn't named. What a resource, or a verb on its rows, doesn't say of somebody they may
/// not do.
class Table {
public:
    /// Who is part of a line, with the status of their answer; 0 where the line is a right.
    using Cells = std::map<std::string, int>;

    /// Throws std::runtime_error with the number of a line that can't be understood, or that says again what
    /// one before says.
    static Table read(std::string_view text);

    /// Adds an empty block; it is printed where nothing is added to it, too.
    void begin(const std::string& block);
    /// Adds one cell to the line of `label` ("sees", "but change", or nothing) and `kind` of a block.
    void add(const std::string& block, const std::string& label, const std::string& kind,
             const std::string& actor, int status);

    /// The file: blocks and lines in the order in which they were added, kinds that have the same cells in
    /// one line. `actors` are in the order in which they are named.
    std::string text(const std::vector<std::string>& actors) const;

    /// What the other says otherwise, a sentence for each line; "is" is this table.
    std::vector<std::string> differences(const Table& declared) const;

    std::size_t blocks() const { return blocks_.size(); }

private:
    struct Line {
        std::string label, kind;
        Cells cells{};
    };
    struct Block {
        std::string title;
        std::vector<Line> lines{};
    };
    const Block* find(const std::string& title) const;
    static const Line* find(const Block* block, const Line& like);
    std::vector<Block> blocks_{};
};

}  // namespace tamiti::test
