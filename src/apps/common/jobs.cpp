#include "apps/common/jobs.hpp"

#include "apps/common/models.hpp"
#include "apps/common/records.hpp"
#include "core/model/catalogue.hpp"

namespace tamiti::common {

JobResult sweep_orphans(Tx& tx, const SweepOrphans&) {
    for (const Model* hanging : {&model_of(tag<Comment>{}), &model_of(tag<Attachment>{})})
        for (const Model* record : tx.site().catalogue->models())
            if (record->carries)
                tx.execute({R"(DELETE FROM {} AS hanging WHERE hanging.on_model = {}
                               AND NOT EXISTS (SELECT FROM {} AS record WHERE record.id = hanging.on_row))",
                            db::name(hanging->table), record->name, db::name(record->table)});
    return done();
}

}  // namespace tamiti::common
