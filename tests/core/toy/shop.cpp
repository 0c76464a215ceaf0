#include "tests/core/toy/shop.hpp"

#include "core/api/route.hpp"
#include "core/model/describe.hpp"
#include "core/model/reach.hpp"
#include "core/model/tx.hpp"

namespace tamiti::toy_shop {

// clang-format off

const Model& model_of(tag<Customer>) {
    static const Model customer = describe<Customer>("shop.customer", {
        .table = "shop_customer",
        .doc = "Who orders.",
        .fields = {
            uuid_model<Customer>(),
            field<&Customer::name>("name", {.required = true, .max_length = 40, .sort = true, .filter = one_or_any}),
            field<&Customer::city>("city", {.max_length = 40, .filter = one_or_any | Match::contains}),
            field<&Customer::keeper>("keeper", {.read_only = true}),
            derived<&Customer::open_orders>("open_orders",
                R"((SELECT count(*) FROM shop_order AS o WHERE o.customer = {row}.id AND o.state <> 'done'))",
                {.sort = true, .filter = one_or_range}),
            time_stamped_model<Customer>(),
        },
        .order = "name",
        .brief = {"name"},
    });
    return customer;
}

const Model& model_of(tag<Order>) {
    static const Model order = describe<Order>("shop.order", {
        .table = "shop_order",
        .doc = "What somebody wants.",
        .fields = {
            uuid_model<Order>(),
            field<&Order::customer>("customer", {.required = true, .filter = one_or_any,
                                                 .on_delete = Delete::cascade}),
            field<&Order::code>("code", {.required = true, .max_length = 40, .sort = true,
                                         .filter = one_or_any | Match::contains}),
            field<&Order::state>("state", {.sort = true, .filter = one_or_any}),
            field<&Order::due_on>("due_on", {.sort = true, .filter = one_or_range}),
            field<&Order::placed_at>("placed_at", {.filter = Match::range}),
            field<&Order::price>("price", {.filter = Match::range}),
            field<&Order::margin>("margin", {.filter = Match::range, .read = "shop.margins"}),
            field<&Order::weight>("weight"),
            field<&Order::work>("work"),
            field<&Order::pieces>("pieces", {.minimum = "0", .filter = one_or_range}),
            field<&Order::watchers>("watchers", {.filter = Match::any}),
            field<&Order::put_away>("put_away", {.filter = one_or_any}),
            derived<&Order::is_late>("is_late", "due_on < {today} AND state <> 'done'",
                                     {.sort = true, .filter = Match::equal, .help = "Past its day and not done."}),
            time_stamped_model<Order>(),
        },
        .order = "code",
        .brief = {"code"},
        .unless_asked = {{"put_away", "false"}},
    });
    return order;
}

// clang-format on

Reach seen_rows(tag<Customer>, const Actor& who) {
    if (who.has(Role::admin)) return Reach::all();
    if (who.is_anonymous()) return Reach::none();
    return Reach({Sql("SELECT c.id FROM shop_customer AS c WHERE c.keeper = {}::text", who.id)});
}

namespace {

Scope visible_customers(const Actor& who) {
    return seen<Customer>(who, "id");
}

Scope visible_orders(const Actor& who) {
    return seen<Customer>(who, "customer");
}

void before_save_customer(Tx&, const Actor& who, Customer& next, const Customer* before) {
    if (!before) next.keeper = who.id.text();
}

Order finish(Tx& tx, const Actor&, Order order) {
    order.state = State::done;
    tx.save(order, &Order::state);
    return order;
}

}  // namespace

App app() {
    return {
        .name = "shop",
        .doc = "Orders.",
        .resources = {resource<Customer>("/customers",
                                         {.view = visible_customers,
                                          .create = visible_customers,
                                          .change = visible_customers,
                                          .remove = visible_customers},
                                         {.before_save = before_save_customer}),
                      resource<Order>("/orders", {.view = visible_orders,
                                                  .create = visible_orders,
                                                  .change = visible_orders,
                                                  .remove = visible_orders})},
        .routes = {post("/orders/{id}/finish", finish, "Say that it is done.", on<Order>(visible_orders))},
        .permissions = {{"shop.margins", "See what is earned", {Role::admin}}}};
}

std::vector<db::Migration> migrations() {
    return {{"shop", "0001_shop", R"(
CREATE TABLE shop_customer (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    city text NOT NULL,
    keeper text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE shop_order (
    id uuid PRIMARY KEY,
    customer uuid NOT NULL CONSTRAINT shop_order_customer_fkey REFERENCES shop_customer ON DELETE CASCADE,
    code text NOT NULL,
    state text NOT NULL,
    due_on date,
    placed_at timestamptz,
    price bigint,
    price_currency text,
    margin bigint,
    margin_currency text,
    weight numeric,
    work bigint,
    pieces bigint NOT NULL,
    watchers uuid[] NOT NULL,
    put_away boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX shop_order_customer ON shop_order (customer);
CREATE INDEX shop_order_watchers ON shop_order USING gin (watchers);)"}};
}

}  // namespace tamiti::toy_shop
