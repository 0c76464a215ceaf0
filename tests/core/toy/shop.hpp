#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/money.hpp"
#include "core/db/migrations.hpp"
#include "core/model/types.hpp"
#include "core/program/app.hpp"

/// A small app for the engine's tests of lists: customers, and what they ordered. It stands beside the toy
/// library, which signs people in.
namespace tamiti::toy_shop {

struct Customer;
struct Order;
const Model& model_of(tag<Customer>);
const Model& model_of(tag<Order>);

struct Customer {
    Id<Customer> id{};
    std::string name{};
    std::string city{};
    std::string keeper{};  ///< the id of whoever made it, who sees it with its orders
    int open_orders = 0;   ///< derived
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

enum class State : std::uint8_t { fresh, packed, done };
BOOST_DESCRIBE_ENUM(State, fresh, packed, done)

struct Order {
    Id<Order> id{};
    Id<Customer> customer{};
    std::string code{};
    State state = State::fresh;
    std::optional<Date> due_on{};
    std::optional<Timestamp> placed_at{};
    std::optional<Money> price{};
    std::optional<Money> margin{};
    std::optional<Decimal> weight{};
    std::optional<Duration> work{};
    int pieces = 0;
    std::vector<Id<Customer>> watchers{};
    bool put_away = false;
    bool is_late = false;  ///< derived
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

/// Admins see all customers, everybody else those that they keep; orders go with their customers. Margins are
/// for admins.
App app();
std::vector<db::Migration> migrations();

}  // namespace tamiti::toy_shop
