#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/users/models.hpp"
#include "core/access/actor.hpp"
#include "core/model/shape.hpp"
#include "core/model/tx.hpp"

/// Who may do what, read off what the apps declare.
namespace tamiti::users {

/// A permission and who holds it.
struct PermissionHeld {
    std::string code{};
    std::string label{};
    std::vector<Role> roles{};
    bool is_yours = false;
};
BOOST_DESCRIBE_STRUCT(PermissionHeld, (), (code, label, roles, is_yours))

/// All permissions of the installed apps.
std::vector<PermissionHeld> permissions(ReadTx& tx, const Actor& who);

/// What each role may do: with rows, with routes, with fields.
struct Matrix {
    Json resources{};  ///< [{"model", "path", "role", "view", "create", "change", "remove"}]: none, some or
                       ///< all
    Json routes{};     ///< [{"method", "path", "access", "roles"}]
    Json fields{};     ///< [{"model", "field", "read", "write"}]: the roles, where not all have it
};
const Shape& shape_of(tag<Matrix>);

/// The matrix of roles, as the declared policies answer for an actor of each role.
Matrix matrix(ReadTx& tx, const Actor& who);

/// Whether somebody may do something with a row: about oneself, or for who manages people.
struct Question {
    std::optional<Id<User>> user{};  ///< oneself where left out
    std::string model{};
    std::optional<std::string> id{};
    std::string verb = "view";  ///< or create, change, remove, or a verb of a route on such rows
};
const Shape& shape_of(tag<Question>);

/// Which rule decided. The rules are asked in this order: the account, what its roles hold, which rows the
/// policy gives, and the row itself.
enum class DecidedBy : std::uint8_t { account, no_operation, permission, scope, row };
BOOST_DESCRIBE_ENUM(DecidedBy, account, no_operation, permission, scope, row)

struct Explanation {
    bool allowed = false;
    DecidedBy decided_by = DecidedBy::scope;
    std::string sentence{};
    std::vector<Role> roles{};
    std::string scope{};  ///< what the policy gives: none, some or all
    Tags permissions{};   ///< codes that the answer hangs on: without them (or with them) it would be another
    Tags unreadable{};    ///< fields that stay hidden
    Tags unwritable{};    ///< fields that can't be set
};
BOOST_DESCRIBE_STRUCT(Explanation, (),
                      (allowed, decided_by, sentence, roles, scope, permissions, unreadable, unwritable))

/// Says which rule decides. A row that the one who asks can't see is a 404, whoever the question is about.
Explanation explain(ReadTx& tx, const Actor& who, const Question& asked);

}  // namespace tamiti::users
