#pragma once

#include "core/base/settings.hpp"
#include "core/db/pool.hpp"
#include "core/http/message.hpp"

namespace tamiti::http {

/// Whether the database answers: what it takes to serve requests.
bool is_ready(db::Pool& pool);

/// The operations port: GET /health/live (the process answers), /health/ready (the database answers too, else
/// 503) and /metrics (Prometheus text). Never on the public port.
Response operations_page(const Request& request, db::Pool& pool);

}  // namespace tamiti::http

namespace tamiti {

/// Asks the program that runs on this machine, at its operations port, whether it is ready. Answers the exit
/// code: 0 where it is, 1 with a sentence where it says no or says nothing for three seconds.
int ask_health(const Settings& settings);

}  // namespace tamiti
