#pragma once

#include "core/model/tx.hpp"

namespace tamiti {

/// Runs `work`, which asks one query, outside of any transaction: a round trip less than `look` takes. It
/// runs again when its connection was found dead, so it begins whatever it writes anew.
template <class Work>
auto look_once(Site& site, Work&& work) {
    for (int attempt = 0;; ++attempt) {
        db::Transaction transaction(*site.pool, db::Transaction::Mode::single);
        try {
            ReadTx tx(site, transaction);
            return work(tx);
        } catch (const db::Error& error) {
            if (!db::may_retry(error, attempt, false)) throw;
        }
    }
}

}  // namespace tamiti
