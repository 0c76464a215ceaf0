#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "core/jobs/declaration.hpp"
#include "core/model/tx.hpp"

/// Work that nobody waits for.
namespace tamiti::users {

/// Ends the sessions of accounts whose time is over and tells listeners, once for each.
struct CloseExpired {
    static constexpr std::string_view job_name = "users.close_expired";
};
BOOST_DESCRIBE_STRUCT(CloseExpired, (), ())
JobResult close_expired(Tx& tx, const CloseExpired& job);

}  // namespace tamiti::users
