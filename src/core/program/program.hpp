#pragma once

#include <memory>

#include "core/base/settings.hpp"
#include "core/program/registry.hpp"
#include "core/site/site.hpp"

/// The program put together from its parts, and what its processes do.
namespace tamiti {

/// Settings, declarations and sites of one process; made once by main and passed on.
struct Program {
    explicit Program(Settings given);

    Settings settings;
    Registry registry;
    Sites sites{};
};

/// Serves the API until SIGTERM or SIGINT, then stops gracefully. Answers the exit code. Starts also while
/// the database is away and serves as soon as it is back; refuses to start on a database that lacks
/// migrations. With `with_work` a process beside it runs jobs and schedules, and is replaced whenever it
/// ends.
int serve(Program& program, bool with_work = false);

/// Whether the database has every migration that this program brings; where not, says so on standard error.
/// A database that is away counts as having them.
bool has_all_migrations(Program& program);

/// Applies missing migrations as the owner; says each name.
int migrate(Program& program);

/// Adds what every studio begins with, as far as it isn't there; for production, too.
int seed_basics(Program& program);

/// Fills the database with that and with the demo studio (development only); a second time changes nothing.
int seed_demo(Program& program);

/// Compares every model with the migrated tables; with `draft` also prints the migration that would mend the
/// difference.
int check_schema(Program& program, bool draft);

/// Refuses settings that are unsafe in production.
int check_deployment(const Program& program);

/// Looks at settings, database, migrations, Redis and disk, and says what is wrong and what to do. 0 when all
/// is well.
int doctor(Program& program);

}  // namespace tamiti
