#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/tx.hpp"

/// Giving people what the studio keeps of them.
namespace tamiti::people {

/// `failed` is a pending one that nothing came of within an hour.
enum class ExportState : std::uint8_t { none, pending, ready, failed };
BOOST_DESCRIBE_ENUM(ExportState, none, pending, ready, failed)

/// How far an export is; the document where it is ready.
struct PersonalData {
    ExportState state = ExportState::none;
    std::optional<Timestamp> requested_at{};
    std::optional<Timestamp> ready_at{};
    std::optional<Timestamp> expires_at{};
    std::optional<Json> document{};
};
BOOST_DESCRIBE_STRUCT(PersonalData, (), (state, requested_at, ready_at, expires_at, document))

/// Asks for one's own data: a job gathers them and a mail tells when they are there. Asking again while that
/// goes on changes nothing; once it is done or has failed it makes a new document in place of the old one.
/// Never for somebody who looks as another.
PersonalData request_personal_data(Tx& tx, const Actor& who);

/// One's own export.
PersonalData personal_data(ReadTx& tx, const Actor& who);

/// Gathers and keeps the document of a person who waits for it; false where nobody does any more.
bool keep_document(Tx& tx, const users::User& person);

}  // namespace tamiti::people
