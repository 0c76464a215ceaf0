#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/jobs/declaration.hpp"
#include "core/model/tx.hpp"

/// Giving people what the studio keeps of them. Here because it has how they signed in, too.
namespace tamiti::auth {

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

struct GatherPersonalData {
    static constexpr std::string_view job_name = "auth.gather_personal_data";
    Id<users::User> person{};
};
BOOST_DESCRIBE_STRUCT(GatherPersonalData, (), (person))
/// Its attempts end well within the hour after which the export counts as failed.
inline const JobRules gathering{.max_attempts = 8};
JobResult gather_personal_data(Tx& tx, const GatherPersonalData& job);

/// Removes documents a week after they were made.
struct ForgetExports {
    static constexpr std::string_view job_name = "auth.forget_exports";
};
BOOST_DESCRIBE_STRUCT(ForgetExports, (), ())
JobResult forget_exports(Tx& tx, const ForgetExports& job);

}  // namespace tamiti::auth
