#include "tests/core/toy/library.hpp"

#include "core/api/route.hpp"
#include "core/base/text.hpp"
#include "core/model/describe.hpp"
#include "core/model/input.hpp"
#include "core/model/member.hpp"
#include "core/model/stored_settings.hpp"
#include "core/model/tx.hpp"

namespace tamiti::toy_library {

const Model& model_of(tag<Shelf>) {
    static const Model shelf = describe<Shelf>(
        "library.shelf",
        {.table = "library_shelf",
         .doc = "A board with books.",
         .fields = {uuid_model<Shelf>(),
                    field<&Shelf::name>("name", {.required = true, .max_length = 40, .sort = true}),
                    field<&Shelf::keeper>("keeper", {.read_only = true}), time_stamped_model<Shelf>()},
         .order = "name",
         .brief = {"name"},
         .carries = true});
    return shelf;
}

const Model& model_of(tag<Book>) {
    static const Model book = describe<Book>(
        "library.book",
        {.table = "library_book",
         .doc = "Something to read.",
         .fields = {uuid_model<Book>(),
                    field<&Book::shelf>("shelf", {.required = true,
                                                  .filter = Match::equal,
                                                  .create_only = true,
                                                  .on_delete = Delete::cascade}),
                    field<&Book::title>("title", {.required = true, .max_length = 80, .sort = true}),
                    field<&Book::hidden>("hidden"), field<&Book::lent_to>("lent_to", {.read_only = true}),
                    time_stamped_model<Book>(), soft_delete_model<Book>()},
         .order = "title",
         .brief = {"title"},
         .carries = true});
    return book;
}

const StoredSettings& settings_of(tag<LendingRules>) {
    static const StoredSettings made = settings<LendingRules>(
        "library.lending", {.doc = "Whether books are lent, and for how long.",
                            .fields = {field<&LendingRules::open>("open"),
                                       field<&LendingRules::days>("days", {.minimum = "1", .maximum = "60"})},
                            .change = "library.rule",
                            .check = [](const LendingRules& rules) {
                                if (!rules.open && rules.days)
                                    throw Invalid("days", "A closed library lends for no days.");
                            }});
    return made;
}

const StoredSettings& settings_of(tag<Lender>) {
    static const StoredSettings made = settings<Lender>(
        "library.lender", {.doc = "How you lend books.",
                           .fields = {field<&Lender::signature>("signature", {.max_length = 40})},
                           .personal = true});
    return made;
}

Scope visible_shelves(const Actor& who) {
    return who.has(Role::client) || who.is_anonymous() ? Scope::none() : Scope::all();
}

Scope kept_shelves(const Actor& who) {
    if (who.has(Role::admin)) return Scope::all();
    if (who.has(Role::client) || who.is_anonymous()) return Scope::none();
    return where("keeper = {}::text", who.id);
}

Scope kept_books(const Actor& who) {
    const Scope shelves = kept_shelves(who);
    if (shelves.is_all() || shelves.is_none()) return shelves;
    return where("shelf IN (SELECT s.id FROM library_shelf AS s WHERE {})", shelves);
}

Scope visible_books(const Actor& who) {
    const Scope shelves = visible_shelves(who);
    if (shelves.is_none() || who.has(Role::admin)) return shelves;
    return where("NOT hidden") || kept_books(who);
}

namespace {

struct Lending {
    std::string to{};
};
const Shape& shape_of(tag<Lending>) {
    static const Shape shape = input<Lending>({field<&Lending::to>("to")});
    return shape;
}

Book lend(Tx& tx, const Actor& who, Book book, Lending lending) {
    const auto rules = tx.setting<LendingRules>();
    if (!rules.open) throw Conflict("library.closed", "The library is closed.");
    book.lent_to = lending.to + tx.setting<Lender>(who.id).signature;
    if (rules.days) book.lent_to += " for " + std::to_string(*rules.days) + " days";
    tx.save(book, &Book::lent_to);
    return book;
}

void before_save_shelf(Tx&, const Actor& who, Shelf& next, const Shelf* before) {
    if (!before) next.keeper = who.id.text();
}

/// Nothing more is said of a shelf that is sealed.
void before_hung_shelf(Tx& tx, const Actor&, Id<Shelf> shelf) {
    if (tx.exists({"SELECT FROM library_shelf WHERE id = {} AND name = 'Sealed'", shelf}))
        throw Conflict("library.closed", "The shelf is sealed.");
}

std::optional<Actor> authenticate(Site& site, const http::Request& request) {
    const auto words = split(request.header("Authorization"), ' ');
    if (words.size() < 3 || words[0] != "Toy") return std::nullopt;
    Actor who;
    who.id = Uuid::parse(words[1]).value();
    who.roles = {enum_value<Role>(words[2])};
    who.permissions = site.permissions;
    if (words.size() > 3) who.time_zone = words[3];
    return who;
}

}  // namespace

App app() {
    return {
        .name = "library",
        .doc = "Books.",
        .resources = {resource<Shelf>("/shelves",
                                      {.view = visible_shelves,
                                       .create = kept_shelves,
                                       .change = kept_shelves,
                                       .remove = kept_shelves},
                                      {.before_save = before_save_shelf, .before_hung = before_hung_shelf}),
                      resource<Book>("/books", {.view = visible_books,
                                                .create = kept_books,
                                                .change = kept_books,
                                                .remove = kept_books})},
        .routes = {post("/books/{id}/lend", lend, "Give a book to somebody.", on<Book>(kept_books),
                        {.problems = {"library.closed"}})},
        .permissions = {{"library.rule", "Say how books are lent", {Role::admin}}},
        .settings = {&settings_of(tag<LendingRules>{}), &settings_of(tag<Lender>{})},
        .problems = {{"library.closed", 409, "The library lends nothing just now."}},
        .authenticate = authenticate};
}

std::vector<db::Migration> migrations() {
    return {{"library", "0001_library", R"(
CREATE TABLE library_shelf (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    keeper text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE TABLE library_book (
    id uuid PRIMARY KEY,
    shelf uuid NOT NULL CONSTRAINT library_book_shelf_fkey REFERENCES library_shelf ON DELETE CASCADE,
    title text NOT NULL,
    hidden boolean NOT NULL DEFAULT false,
    lent_to text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    deleted_at timestamptz
);
CREATE INDEX library_book_shelf ON library_book (shelf);)"}};
}

}  // namespace tamiti::toy_library
