#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reports of bugs to Sentry or anything that speaks its protocol.
namespace tamiti::telemetry {

/// Where reports go, read from a DSN.
struct SentryTarget {
    std::string envelope_url{};  ///< https://host/api/<project>/envelope/
    std::string public_key{};
};

/// Reads "https://key@host/project" (or http, with a port or a path in front of the project). Anything else
/// throws std::invalid_argument with a sentence that doesn't repeat the key.
SentryTarget parse_dsn(std::string_view dsn);

/// Starts the thread that sends. An empty DSN leaves reporting off. Throws as parse_dsn does.
void start(const std::string& dsn, const std::string& release, const std::string& environment);

/// Queues one report and returns at once; without start() it does nothing. At most 100 wait, more are dropped
/// and counted as tamiti_sentry_dropped. Message and tags must name kinds and places only: no personal data,
/// no values from a request.
void report(const std::string& message, const std::string& request_id,
            const std::vector<std::pair<std::string, std::string>>& tags = {});

/// Sends what waits, for at most two seconds, and ends the thread. Does nothing where none runs.
void stop();

}  // namespace tamiti::telemetry
