#pragma once

#include "core/model/tx.hpp"

namespace tamiti::projects {

/// The demo studio's clients, projects, members and milestones: the same rows on every machine, dated from
/// the day on which they are loaded. What is there stays.
void seed(Tx& tx);

/// What the demo people say about a few of those projects, and how they look at the list.
void seed_discussion(Tx& tx);

/// Adds the row unless it is there, in the trash or not.
template <class T>
void add_once(Tx& tx, T row) {
    if (!tx.exists({"SELECT FROM {} WHERE id = {}", db::name(model_of(tag<T>{}).table), row.id}))
        tx.insert(row);
}

}  // namespace tamiti::projects
