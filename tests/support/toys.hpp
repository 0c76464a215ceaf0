#pragma once

#include <vector>

#include "core/db/migrations.hpp"
#include "core/program/app.hpp"

/// Resources without number, made in a loop: what a studio of very many apps costs is measured with them.
namespace tamiti::toys {

/// So many apps, "toys_0" and on, each with so many resources of ten fields and as many verbs: a toy is seen
/// and changed by who made it and by admins, seen by the staff where it isn't secret, and never by clients.
/// Their models live as long as the process.
std::vector<App> apps(int count, int resources_each, int verbs_each);

/// The tables of these apps.
std::vector<db::Migration> migrations(const std::vector<App>& apps);

}  // namespace tamiti::toys
