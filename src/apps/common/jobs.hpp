#pragma once

#include <boost/describe/class.hpp>
#include <string_view>

#include "core/jobs/declaration.hpp"
#include "core/model/tx.hpp"

namespace tamiti::common {

/// Removes comments and attachments whose record is gone for good. No foreign key can do it: they name the
/// record by model and id.
struct SweepOrphans {
    static constexpr std::string_view job_name = "common.sweep_orphans";
};
BOOST_DESCRIBE_STRUCT(SweepOrphans, (), ())

JobResult sweep_orphans(Tx& tx, const SweepOrphans& job);

}  // namespace tamiti::common
