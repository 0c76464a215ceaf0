#pragma once

#include "core/base/uuid.hpp"
#include "core/model/tx.hpp"

/// What people do to one job, by the command line or the API.
namespace tamiti::jobs {

enum class Retried : unsigned char {
    again,            ///< it runs now, a dead or cancelled one from its first attempt
    nothing_to_do,    ///< there is no dead, cancelled or waiting job of that id
    done_by_another,  ///< an unfinished one has its unique key, and does the same
};
Retried retry_now(Tx& tx, const Uuid& job);

enum class Cancelled : unsigned char {
    cancelled,      ///< it waited, and those behind it may run
    asked_to_stop,  ///< it runs; it is not tried again
    over,           ///< there is no unfinished job of that id
};
Cancelled cancel_now(Tx& tx, const Uuid& job);

}  // namespace tamiti::jobs
