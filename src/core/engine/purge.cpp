#include "core/engine/purge.hpp"

#include "core/base/log.hpp"
#include "core/db/error.hpp"
#include "core/model/trash.hpp"

namespace tamiti {
namespace {

constexpr int batch = 200;
constexpr const char* foreign_key_violation = "23503";

/// Purges one model batch by batch. Where something that no description knows of still refers to one of the
/// rows, each is tried alone and that one stays.
class Purge {
public:
    Purge(JobRun& run, const Model& model)
        : run_(run),
          catalogue_(*run.site.catalogue),
          model_(model),
          before_(run.site.clock->now() - std::chrono::days(run.site.settings->trash_days)) {}

    /// Answers how many rows went.
    std::int64_t all() {
        std::int64_t total = 0;
        for (std::int64_t gone = 1; gone > 0 && !run_.should_stop(); total += gone) gone = next();
        return total;
    }

private:
    std::int64_t next() {
        try {
            std::int64_t gone = 0;
            run_.transact([&](Tx& tx) { gone = purge(tx, model_, before_, batch, kept_); });
            return gone;
        } catch (const db::Error& error) {
            if (error.sqlstate != foreign_key_violation) throw;
        }
        return one_by_one();
    }

    std::int64_t one_by_one() {
        std::vector<std::string> ids;
        run_.transact([&](Tx& tx) { ids = purgeable(tx, model_, before_, batch, kept_); });
        std::int64_t gone = 0;
        for (const auto& id : ids) {
            try {
                run_.transact([&](Tx& tx) {
                    tx.execute(Sql{"DELETE FROM {} WHERE id = {} AND deleted_at < {}", db::name(model_.table),
                                   id, before_});
                });
                ++gone;
            } catch (const db::Error& error) {
                if (error.sqlstate != foreign_key_violation) throw;
                log::warning("trash.kept",
                             {{"model", model_.name}, {"row", id}, {"constraint", error.constraint}});
                kept_.push_back(id);
            }
        }
        return gone;
    }

    JobRun& run_;
    const Catalogue& catalogue_;
    const Model& model_;
    Timestamp before_;
    std::vector<std::string> kept_{};
};

}  // namespace

JobResult purge_trash(JobRun& run, const PurgeTrash&) {
    const auto& models = run.site.catalogue->models();
    // Models are declared after those that they refer to, so what refers to others goes first.
    std::int64_t gone = 0;
    for (auto model = models.rbegin(); model != models.rend() && !run.should_stop(); ++model)
        if ((*model)->deleted_at >= 0) gone += Purge(run, **model).all();
    log::info("trash.purged", {{"rows", gone}});
    return done();
}

}  // namespace tamiti
