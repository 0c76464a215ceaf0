#pragma once

#include <cstdint>
#include <string>

#include "core/access/actor.hpp"
#include "core/base/uuid.hpp"
#include "core/model/catalogue.hpp"
#include "core/model/model.hpp"

/// Version and time of a row as somebody sees them who can't read all of its fields: a change of nothing but
/// what they can't read moves neither. The database keeps count of such changes (core_hidden_change), so for
/// whoever reads everything they are what the row's columns say, and cost nothing more.
namespace tamiti {

class ReadTx;

/// Completes a model: which permissions its fields need, and what stands for version and time of change for
/// each set of them that somebody has.
void complete_guards(Model& model);

/// Whether the actor can read every field.
bool sees_every_field(const Model& model, const Actor& who);

/// The field from which the actor reads: itself, or what stands for it.
const Field& as_seen(const Model& model, const Field& field, const Actor& who);

/// The version that the actor knows a row by, whose own is `version`.
std::int64_t seen_version(ReadTx& tx, const Model& model, const Actor& who, const Uuid& id,
                          std::int64_t version);

/// Which columns need which permission to be read, as the migrator puts it into core_guarded: JSON.
std::string guarded_columns(const Catalogue& catalogue);

}  // namespace tamiti
