#include <libpq-fe.h>
#include <poll.h>

#include <chrono>

#include "core/base/complaint.hpp"
#include "core/db/error.hpp"
#include "core/jobs/bell.hpp"
#include "core/jobs/worker.hpp"

namespace tamiti::jobs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto proof_of_life = 5s;  // how often the connection must show that it isn't dead

// Waits a moment for word; true where there is some.
bool heard(db::Connection& connection) {
    pollfd socket{PQsocket(connection.get()), POLLIN, 0};
    if (::poll(&socket, 1, 200) > 0 && PQconsumeInput(connection.get()) == 0)
        throw db::Error(PQerrorMessage(connection.get()), "08006");
    bool any = false;
    while (PGnotify* notice = PQnotifies(connection.get())) {
        PQfreemem(notice);
        any = true;
    }
    return any;
}

}  // namespace

// A connection that is dead without a word is found out by asking it now and then; until then the worker
// looks for jobs each second by itself.
void Worker::listen() {
    Complaint complaint("jobs.listener_waits");
    while (!closing_) {
        try {
            auto settings = connection_settings("tamiti-listener");
            settings.statement_timeout_ms = 3000;
            db::Connection connection(settings);
            connection.run_script(std::string("LISTEN ") + channel);
            complaint.withdraw();
            hand_.poke();  // what was said meanwhile is gone
            auto next_proof = Steady::now() + proof_of_life;
            while (!closing_) {
                if (heard(connection)) hand_.poke();
                if (Steady::now() < next_proof) continue;
                connection.run("SELECT 1");
                next_proof = Steady::now() + proof_of_life;
            }
        } catch (const std::exception& error) {
            complaint.make(error.what());
            std::this_thread::sleep_for(200ms);
        }
    }
}

}  // namespace tamiti::jobs
