#include "core/engine/engine.hpp"

#include <iterator>

#include "core/api/idempotency.hpp"
#include "core/engine/audit_log.hpp"
#include "core/engine/job_commands.hpp"
#include "core/engine/mail_commands.hpp"
#include "core/engine/meta.hpp"
#include "core/engine/operations.hpp"
#include "core/engine/purge.hpp"
#include "core/engine/search.hpp"
#include "core/engine/settings.hpp"
#include "core/events/listening.hpp"
#include "core/jobs/housekeeping.hpp"
#include "core/mail/jobs.hpp"
#include "core/model/brand.hpp"
#include "core/model/stored_settings.hpp"

namespace tamiti {
namespace {

// The lists of several parts of the engine as one.
template <class T>
std::vector<T> joined(std::vector<T> list, std::vector<T> more) {
    list.insert(list.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return list;
}

void forget(Tx& tx, const Uuid& person) {
    api::forget_idempotency_keys_of(tx, person);
    erase_settings_of(tx, person);
}

}  // namespace

App engine() {
    return {
        .name = "core",
        .doc = "What every studio has: background work, history, search and mail.",
        .routes = joined({audit::log_route(), search::search_route(), meta::index_route(),
                          meta::model_route(), settings_route()},
                         operations::routes()),
        .permissions =
            {
                {"audit.view", "Read the audit trail, and where changes came from", {Role::admin}},
                {"operations.manage",
                 "See and steer background work, and see which mails went out",
                 {Role::admin}},
                {"core.change_brand", "Change the studio's name, colour and logo", {Role::admin}},
            },
        .commands = joined(jobs::commands(), mail::commands()),
        .jobs = joined(
            {job<jobs::RemoveOld>(jobs::remove_old, {.timeout = std::chrono::minutes(10)}),
             job<Listen>(listen, {.queue = "events", .first_retry = std::chrono::seconds(1)}),
             job<PurgeTrash>(purge_trash), job<api::ForgetIdempotencyKeys>(api::forget_idempotency_keys)},
            mail::jobs()),
        .schedules = joined({every(std::chrono::minutes(10), jobs::RemoveOld{}), daily("03:10", PurgeTrash{}),
                             every(std::chrono::hours(1), api::ForgetIdempotencyKeys{})},
                            mail::schedules()),
        .settings = {&settings_of(tag<Brand>{})},
        .problems = operations::problems(),
        .erase = forget,
    };
}

}  // namespace tamiti
