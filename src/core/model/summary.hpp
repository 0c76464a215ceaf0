#pragma once

#include <string>
#include <vector>

#include "core/model/list.hpp"

/// What the rows of a list amount to: GET /orders/summary?group=state,due_on:week&sum=price.
namespace tamiti {

/// Finds the rows that a list of the same filters, conditions, search and `deleted` has, and writes
///
///     {"count": 12, "groups_complete": true,
///      "groups": [{"state": "done", "due_on": "2026-02-02", "count": 3,
///                  "sum": {"price": [{"amount": "1200", "currency": "UGX"}]}}]}
///
/// to `out`. `group` takes up to three fields: those of group_names(); days and times with the period that
/// they are cut to, whose first day is answered (times in the actor's zone, weeks from Monday). Without it
/// there is one group. Groups come in the order of their fields, choices as they are declared, nothing last;
/// of more than 1,000 the first are told and `groups_complete` is false. `sum` takes fields of sum_names(): 0
/// where there is nothing to add, and of money an amount for each currency. `count` at the top is of all
/// rows.
///
/// An unknown or unreadable name is a Problem (400) that names those which exist; so are parameters of pages
/// and rows.
void summary(ReadTx& tx, const Resource& resource, const Actor& who, const QueryPairs& query,
             std::string& out);

/// What rows can be grouped by, as `group` takes it: "state", "due_on:week"; `who` null knows all fields.
std::vector<std::string> group_names(const Model& model, const Actor* who);

/// What can be added up.
std::vector<std::string> sum_names(const Model& model, const Actor* who);

}  // namespace tamiti
