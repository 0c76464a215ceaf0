#pragma once

#include <cstddef>

#include "apps/users/models.hpp"
#include "core/base/json.hpp"
#include "core/model/tx.hpp"

/// What the apps' rows hold of a person.
namespace tamiti::people {

/// How much of the records goes into a document.
struct RecordBounds {
    int rows = 10'000;             ///< of each model; the newest
    std::size_t bytes = 16 << 20;  ///< of all of them, to within a row
};

/// Writes as members of the open JSON object: "account" with all that the person's own row holds, and
/// "records", which has for each model the rows that name the person, newest first. Rows
/// that are the person's own by the model's description (Model::person) are among them whatever the person
/// may see. Of others that they may not see only the number is told ("withheld"): they hold what belongs to
/// others. The same goes for rows beyond the bounds ("left_out"). Beside what it writes, memory holds a
/// hundred rows at a time.
void write_personal_rows(ReadTx& tx, const users::User& person, json::Writer& writer,
                         RecordBounds bounds = {});

}  // namespace tamiti::people
