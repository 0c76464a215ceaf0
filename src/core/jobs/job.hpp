#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/jobs/declaration.hpp"
#include "core/model/shape_of.hpp"
#include "core/model/tx.hpp"

/// Declaring and making jobs. A job is a described struct with a name:
///
///     struct SendReminder {
///         static constexpr std::string_view job_name = "tasks.send_reminder";
///         Id<Task> task{};
///     };
///     BOOST_DESCRIBE_STRUCT(SendReminder, (), (task))
///     JobResult send_reminder(Tx& tx, const SendReminder& job);
///
/// in app.cpp `.jobs = {job<SendReminder>(send_reminder)}`, and `tx.enqueue(SendReminder{id})` makes one in
/// the transaction of the change that it belongs to.
namespace tamiti {

/// One attempt at a job, for jobs that must not hold a transaction (they talk to the world outside).
class JobRun {
public:
    JobRun(Site& at, Uuid job, int number, std::string json)
        : site(at), id(job), attempt(number), arguments(std::move(json)) {}
    virtual ~JobRun() = default;

    Site& site;
    Uuid id;      ///< of the job: the same in every attempt, what others should know the effect by
    int attempt;  ///< 1 for the first
    std::string arguments;

    /// Whether somebody asked for the job to be stopped or its lease was lost; long work looks now and then.
    virtual bool should_stop() const = 0;

    /// Runs `work` in a transaction that commits only while this attempt still holds the job's lease.
    template <class Work>
    void transact(Work&& work) {
        fenced([&](Tx& tx) { work(tx); });
    }

    /// Runs `work` and completes the job in one transaction.
    virtual JobResult complete_with(const std::function<JobResult(Tx&)>& work) = 0;

private:
    virtual void fenced(const std::function<void(Tx&)>& work) = 0;
};

namespace job_parts {
/// Writes the row; the kind must be one that an installed app declared.
Uuid insert(Tx& tx, std::string_view kind, const std::string& arguments, const JobOptions& options);
/// Reads arguments; a fault throws a Problem that names it.
void read_arguments(const JobRun& run, const Shape& shape, void* job);
template <class T>
const Shape& shape() {
    static const Shape made = shape_of<T>();
    return made;
}
template <class T>
std::string arguments_of(const T& job) {
    std::string json;
    write_shape(shape<T>(), Actor::system(), &job, json);
    return json;
}
}  // namespace job_parts

/// A job that is done in one transaction with its completion: its effects on the database happen exactly
/// once.
template <class T>
JobKind job(JobResult (*work)(Tx&, const T&), JobRules rules = {}) {
    JobKind kind{
        .name = std::string(T::job_name), .rules = std::move(rules), .arguments = job_parts::shape<T>()};
    kind.run = [work](JobRun& run) {
        T arguments{};
        job_parts::read_arguments(run, job_parts::shape<T>(), &arguments);
        return run.complete_with([&](Tx& tx) { return work(tx, arguments); });
    };
    return kind;
}

/// A job that works outside of a transaction and may be repeated after a crash.
template <class T>
JobKind job(JobResult (*work)(JobRun&, const T&), JobRules rules = {}) {
    JobKind kind{
        .name = std::string(T::job_name), .rules = std::move(rules), .arguments = job_parts::shape<T>()};
    kind.run = [work](JobRun& run) {
        T arguments{};
        job_parts::read_arguments(run, job_parts::shape<T>(), &arguments);
        return work(run, arguments);
    };
    return kind;
}

template <class T>
Uuid Tx::enqueue(const T& job, const JobOptions& options) {
    return job_parts::insert(*this, T::job_name, job_parts::arguments_of(job), options);
}

/// A job every so often.
template <class T>
Schedule every(std::chrono::seconds interval, const T& job, CatchUp catch_up = CatchUp::once) {
    return {.name = std::string(T::job_name),
            .job = std::string(T::job_name),
            .arguments = job_parts::arguments_of(job),
            .interval = interval,
            .catch_up = catch_up};
}

/// A job once a day at that time in the site's zone: where the clock skips it, at the first moment after;
/// where the clock repeats it, the first time.
template <class T>
Schedule daily(std::string time_of_day, const T& job, CatchUp catch_up = CatchUp::once) {
    return {.name = std::string(T::job_name),
            .job = std::string(T::job_name),
            .arguments = job_parts::arguments_of(job),
            .time_of_day = std::move(time_of_day),
            .catch_up = catch_up};
}

}  // namespace tamiti
