#pragma once

#include "core/db/pool.hpp"
#include "core/http/message.hpp"

namespace tamiti::http {

/// The operations port: GET /health/live (the process answers), /health/ready (the database answers too, else
/// 503) and /metrics (Prometheus text). Never on the public port.
Response operations_page(const Request& request, db::Pool& pool);

}  // namespace tamiti::http
