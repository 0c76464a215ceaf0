#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/api/declared_route.hpp"
#include "core/model/shape_of.hpp"
#include "core/model/tx.hpp"

/// Mounting verbs: post("/tasks/merge", merge, "Make one task of several.", signed_in()). What a verb
/// accepts and answers is read from its signature: Tx& or ReadTx& first, const Actor& second, then an Id for
/// each path parameter, in order, and at most one described input for the body (or the query of a GET).
/// A verb on one row takes the row itself: post("/tasks/{id}/complete", complete, "Mark a task done.",
/// on<Task>(changeable_tasks)). Include in app.cpp files only.
namespace tamiti::api {
class Claim;
}

namespace tamiti {

/// Which rows a verb may be done to.
template <class T>
struct OnRow {
    Scope (*rows)(const Actor&) = nullptr;
    void (*lock_first)(Tx&, const Actor&, const T& seen) = nullptr;
    const char* refusal = nullptr;  ///< what is said (403) of a row that they see and that isn't among those
};

/// A verb on the row at {id}. Before the verb runs the engine finds the row among those that the actor sees
/// (404), locks it, looks for it in `rows` (403) and at If-Match (412). `lock_first` is given the row as it
/// was found and locks what others lock before such rows, or refuses. `refusal` says why a row that somebody
/// sees isn't theirs to do it to, where that isn't plain.
template <class T>
OnRow<T> on(Scope (*rows)(const Actor&), void (*lock_first)(Tx&, const Actor&, const T& seen) = nullptr,
            const char* refusal = nullptr) {
    return {rows, lock_first, refusal};
}

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

/// One request on its way through a route.
struct Call {
    const http::Request& request;
    Site& site;
    const Actor& who;
    std::vector<Uuid> ids;  ///< path parameters
    const QueryPairs& query;
    http::Response& response;
    const api::Claim* claim = nullptr;  ///< of a request with an Idempotency-Key
    std::vector<std::string> texts{};   ///< path parameters of a route that takes texts
};

/// Runs `work`, which does a call's writing and fills its response, in a transaction. Where the call has an
/// Idempotency-Key the key is claimed, the work is done and the answer is kept in that one transaction; where
/// it was answered before, that answer is given again and `work` doesn't run.
void carry_out(Call& call, const std::function<void(Tx&)>& work);

namespace route_parts {

/// Fills the fields of `row` from the JSON body or the query; unknown members and faults are a Problem that
/// names them.
void decode(const Call& call, const Shape& shape, bool from_query, void* row);
/// Gives an answer that is one row with a version its ETag.
void tag_row(Call& call, const Shape& shape, const void* row);
/// Answers the row as it is read, with what is derived from it; false where the actor doesn't see it any
/// more.
bool encode_as_read(Tx& tx, Call& call, const Model& model, const void* row);

/// The rows of a model that an actor sees; a token's grants are looked at elsewhere.
Scope seen_rows(ReadTx& tx, const Model& model, const Actor& who);

/// Throws a Problem (412) where the call's If-Match names another version than the row has.
void require_known(Tx& tx, const Call& call, const Model& model, const void* row);

template <class T>
T lock_or_refuse(Tx& tx, Id<T> id, const Scope& seen, const Scope& may, const char* refusal) {
    try {
        return tx.lock(id, seen, may);
    } catch (const Forbidden&) {
        if (!refusal) throw;
        throw Forbidden("access.denied", refusal);
    }
}

template <class T>
T locked_row(Tx& tx, const Call& call, Id<T> id, const OnRow<T>& on) {
    const Model& model = model_of(tag<T>{});
    const Scope seen = seen_rows(tx, model, call.who);
    if (on.lock_first) on.lock_first(tx, call.who, tx.get(id, seen));
    T row = lock_or_refuse(tx, id, seen, on.rows(call.who), on.refusal);
    require_known(tx, call, model, &row);
    return row;
}

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsId : std::false_type {};
template <class T>
struct IsId<Id<T>> : std::true_type {};

template <class Answer>
void encode(Call& call, const Route& route, const Answer& answer) {
    if constexpr (IsVector<Answer>::value) {
        call.response.body += '[';
        for (std::size_t i = 0; i < answer.size(); ++i) {
            if (i) call.response.body += ',';
            write_shape(*route.output, call.who, &answer[i], call.response.body);
        }
        call.response.body += ']';
    } else {
        write_shape(*route.output, call.who, &answer, call.response.body);
        tag_row(call, *route.output, &answer);
    }
}

/// A row that was written tells what is derived from it, too.
template <class Row>
void encode_row(Tx& tx, Call& call, const Route& route, const Row& row) {
    const Model& model = model_of(tag<Row>{});
    const bool tells_more = std::ranges::any_of(model.fields, &Field::is_derived);
    if (!tells_more || !encode_as_read(tx, call, model, &row)) encode(call, route, row);
}

template <class Argument>
auto argument(const Call& call, const Route& route, std::size_t& next_id) {
    using Plain = std::remove_cvref_t<Argument>;
    if constexpr (IsId<Plain>::value) {
        return Plain{call.ids.at(next_id++)};
    } else if constexpr (std::is_same_v<Plain, Call>) {
        return std::cref(call);
    } else {
        Plain input{};
        const bool from_query = route.method == http::Method::get || route.options.takes_file > 0;
        decode(call, *route.input, from_query, &input);
        return input;
    }
}

template <class Transaction, class Answer, class... Arguments>
Route make(http::Method method, std::string path,
           std::function<Answer(Transaction&, const Actor&, Arguments...)> verb, std::string summary,
           RouteAccess access, RouteOptions options) {
    static_assert(std::is_same_v<Transaction, Tx> || std::is_same_v<Transaction, ReadTx>);
    Route route{.method = method,
                .path = std::move(path),
                .summary = std::move(summary),
                .access = std::move(access),
                .options = std::move(options)};
    (
        [&] {
            using Plain = std::remove_cvref_t<Arguments>;
            if constexpr (!IsId<Plain>::value && !std::is_same_v<Plain, Call>) {
                static_assert(HasShape<Plain> || HasModel<Plain>, "inputs are described: shape_of(tag<T>)");
                route.input = shape_of<Plain>();
            }
        }(),
        ...);
    if constexpr (std::is_void_v<Answer>) {
        route.status = 204;
    } else if constexpr (IsVector<Answer>::value) {
        route.output = shape_of<typename Answer::value_type>();
        route.output->is_list = true;
    } else {
        route.output = shape_of<Answer>();
    }
    if (route.options.status != 0) route.status = route.options.status;
    auto shapes = std::make_shared<Route>(route);  // what the closure needs of the route, without a cycle
    route.run = [verb = std::move(verb), shapes](Call& call) {
        std::size_t next_id = 0;
        std::tuple<decltype(argument<Arguments>(call, *shapes, next_id))...> arguments{
            argument<Arguments>(call, *shapes, next_id)...};
        const auto run = [&](Transaction& tx) {
            return std::apply([&](auto&... each) { return verb(tx, call.who, each...); }, arguments);
        };
        const auto answer = [&](Transaction& tx) {
            if constexpr (std::is_void_v<Answer>)
                run(tx);
            else if constexpr (HasModel<Answer>)
                encode_row(tx, call, *shapes, run(tx));
            else
                encode(call, *shapes, run(tx));
        };
        if constexpr (std::is_same_v<Transaction, Tx>)
            carry_out(call, answer);
        else if constexpr (std::is_void_v<Answer>)
            look(call.site, run);
        else
            encode(call, *shapes, look(call.site, run));
    };
    return route;
}

/// A verb as what `make` mounts.
template <class Transaction, class Answer, class... Arguments>
auto callable(Answer (*verb)(Transaction&, const Actor&, Arguments...)) {
    return std::function<Answer(Transaction&, const Actor&, Arguments...)>(verb);
}

}  // namespace route_parts

template <class Transaction, class Answer, class... Arguments>
Route get(std::string path, Answer (*verb)(Transaction&, const Actor&, Arguments...), std::string summary,
          RouteAccess access, RouteOptions options = {}) {
    static_assert(std::is_same_v<Transaction, ReadTx>, "a GET takes ReadTx&: it can't write");
    return route_parts::make(http::Method::get, std::move(path), route_parts::callable(verb),
                             std::move(summary), std::move(access), std::move(options));
}
template <class T, class Answer, class... Arguments>
Route post(std::string path, Answer (*verb)(Tx&, const Actor&, T, Arguments...), std::string summary,
           OnRow<T> on, RouteOptions options = {}) {
    const std::function<Answer(Tx&, const Actor&, const Call&, Id<T>, Arguments...)> on_row =
        [verb, on](Tx& tx, const Actor& who, const Call& call, Id<T> id, Arguments... more) {
            return verb(tx, who, route_parts::locked_row(tx, call, id, on), std::forward<Arguments>(more)...);
        };
    return route_parts::make(http::Method::post, std::move(path), on_row, std::move(summary),
                             {.kind = RouteAccess::Kind::row, .model = &model_of(tag<T>{}), .rows = on.rows},
                             std::move(options));
}
template <class Verb>
Route post(std::string path, Verb verb, std::string summary, RouteAccess access, RouteOptions options = {}) {
    return route_parts::make(http::Method::post, std::move(path), route_parts::callable(verb),
                             std::move(summary), std::move(access), std::move(options));
}
/// A verb whose body is a file of at most `most` bytes, Call::request.file, that went to the disk while it
/// came. What else it takes stands in the address. `before` is asked when the head of the request is there,
/// after sign-in and access, and refuses what can be refused without the file, so that nobody sends one in
/// vain.
template <class Answer, class Input>
Route upload(std::string path, std::size_t most, void (*before)(ReadTx&, const Actor&, const Input&),
             Answer (*verb)(Tx&, const Actor&, Input, const Call&), std::string summary, RouteAccess access,
             RouteOptions options = {}) {
    options.takes_file = most;
    Route route = route_parts::make(http::Method::post, std::move(path), route_parts::callable(verb),
                                    std::move(summary), std::move(access), std::move(options));
    route.before_file = [before, shape = *route.input](Call& call) {
        Input input{};
        route_parts::decode(call, shape, true, &input);
        look(call.site, [&](ReadTx& tx) { before(tx, call.who, input); });
    };
    return route;
}
template <class Verb>
Route patch(std::string path, Verb verb, std::string summary, RouteAccess access, RouteOptions options = {}) {
    return route_parts::make(http::Method::patch, std::move(path), route_parts::callable(verb),
                             std::move(summary), std::move(access), std::move(options));
}
template <class Verb>
Route put(std::string path, Verb verb, std::string summary, RouteAccess access, RouteOptions options = {}) {
    return route_parts::make(http::Method::put, std::move(path), route_parts::callable(verb),
                             std::move(summary), std::move(access), std::move(options));
}
template <class Verb>
Route delete_(std::string path, Verb verb, std::string summary, RouteAccess access,
              RouteOptions options = {}) {
    return route_parts::make(http::Method::delete_, std::move(path), route_parts::callable(verb),
                             std::move(summary), std::move(access), std::move(options));
}

}  // namespace tamiti
