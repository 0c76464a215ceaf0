#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Inviting many people at once, from a spreadsheet.
namespace tamiti::people {

/// A spreadsheet as CSV, and how to read it.
struct Sheet {
    LongText csv{};
    std::optional<Json>
        mapping{};  ///< {"E-mail": "email", "Shoe size": null}: column to field, null for none
    bool dry_run = false;
};
const Shape& shape_of(tag<Sheet>);

/// What reading a spreadsheet found, and what came of it.
struct ImportReport {
    std::optional<Id<users::Import>> id{};  ///< of the batch; nothing after a dry run
    bool dry_run = false;
    int rows = 0;
    int invited = 0;  ///< or would be
    Json columns{};   ///< {"E-mail": "email"}: how the columns were understood
    Json errors{};    ///< [{"row", "column", "field", "message"}], rows as the spreadsheet counts them
};
BOOST_DESCRIBE_STRUCT(ImportReport, (), (id, dry_run, rows, invited, columns, errors))

/// Invites everybody in a spreadsheet of at most 1,000 rows, all of them or nobody. A dry run changes nothing
/// and tells every fault of every cell; faults of the real run are a 422 that names them ("rows.3.email").
ImportReport import_people(Tx& tx, const Actor& who, Sheet sheet);

/// What undoing a batch did.
struct Undone {
    Id<users::Import> id{};
    int cancelled = 0;  ///< invitations that nobody had accepted
    int kept = 0;       ///< people who had joined already
};
BOOST_DESCRIBE_STRUCT(Undone, (), (id, cancelled, kept))

/// Cancels the batch's invitations that wait for an answer. Calling it twice changes nothing.
Undone undo_import(Tx& tx, const Actor& who, Id<users::Import> id);

}  // namespace tamiti::people
