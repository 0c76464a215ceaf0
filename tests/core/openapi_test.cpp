#include "core/program/documented.hpp"

#include <gtest/gtest.h>

#include <boost/describe/class.hpp>
#include <boost/json.hpp>
#include <deque>
#include <set>

#include "core/api/operations.hpp"
#include "core/api/route.hpp"
#include "core/engine/engine.hpp"
#include "core/model/input.hpp"
#include "core/program/print.hpp"

namespace tamiti {
namespace library {

enum class Kind : std::uint8_t { novel, atlas };
BOOST_DESCRIBE_ENUM(Kind, novel, atlas)

struct Shelf {
    Id<Shelf> id{};
    std::string name{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

const Model& model_of(tag<Shelf>) {
    static const Model shelf = describe<Shelf>(
        "library.shelf", {.table = "library_shelf",
                          .doc = "Where books stand.",
                          .fields = {uuid_model<Shelf>(), field<&Shelf::name>("name", {.required = true}),
                                     time_stamped_model<Shelf>()},
                          .brief = {"name"}});
    return shelf;
}

struct Book {
    Id<Book> id{};
    std::string title{};
    std::optional<Id<Shelf>> shelf{};
    Kind kind = Kind::novel;
    std::optional<Date> lent_on{};
    Tags tags{};
    std::string secret{};
    Timestamp created_at{};
    Timestamp updated_at{};
    int version = 1;
};

const Model& model_of(tag<Book>) {
    static const Model book = describe<Book>(
        "library.book",
        {.table = "library_book",
         .doc = "One copy.",
         .fields = {uuid_model<Book>(),
                    field<&Book::title>(
                        "title",
                        {.required = true, .max_length = 80, .sort = true, .filter = Match::contains}),
                    field<&Book::shelf>("shelf", {.filter = Match::equal | Match::any}),
                    field<&Book::kind>("kind", {.filter = Match::equal, .create_only = true}),
                    field<&Book::lent_on>("lent_on", {.sort = true, .filter = Match::equal | Match::range}),
                    field<&Book::tags>("tags", {.filter = Match::any}),
                    field<&Book::secret>("secret", {.read = "library.keep", .write = "library.keep"}),
                    time_stamped_model<Book>()},
         .unique = {{"once", "This book stands there already.", "title"}}});
    return book;
}

struct Lending {
    std::string reader{};
    std::optional<int> days{};
};
const Shape& shape_of(tag<Lending>) {
    static const Shape shape =
        input<Lending>({field<&Lending::reader>("reader"), field<&Lending::days>("days")});
    return shape;
}

Book lend(Tx& tx, const Actor&, Id<Book> id, const Lending&) {
    return tx.get(id);
}
Book mend(Tx&, const Actor&, Book book) {
    return book;
}
struct Opening {
    std::string at{};
};
BOOST_DESCRIBE_STRUCT(Opening, (), (at))
Opening hours(ReadTx&, const Actor&) {
    return {};
}
Scope everything(const Actor&) {
    return Scope::all();
}

App app() {
    return {.name = "library",
            .doc = "Books and where they stand.",
            .resources = {resource<Shelf>("/shelves", {.view = everything}),
                          resource<Book>("/books", {.view = everything,
                                                    .create = everything,
                                                    .change = everything,
                                                    .remove = everything})},
            .routes = {post("/books/{id}/lend", lend, "Lend a book.", needs("library.keep"),
                            {.problems = {"library.lent"}}),
                       post("/books/{id}/mend", mend, "Mend a book.", on<Book>(everything)),
                       get("/hours", hours, "Say when the library is open.", anyone())},
            .permissions = {{"library.keep", "Keep the books", {Role::admin, Role::staff}}},
            .problems = {{"library.lent", 409, "The book is lent already."}}};
}

}  // namespace library

namespace {

using boost::json::object;
using boost::json::value;

const Registry& registry() {
    static const Registry made({library::app()});
    return made;
}

const value& document() {
    static const value made = openapi(documented(registry()));
    return made;
}

const value& at(const std::string& pointer) {
    return document().at_pointer(pointer);
}

std::set<std::string> keys(const value& json) {
    std::set<std::string> names;
    for (const auto& member : json.as_object()) names.emplace(member.key());
    return names;
}

/// Names of an operation's parameters, those of shared ones as their component's.
std::vector<std::string> parameters(const std::string& operation) {
    std::vector<std::string> names;
    for (const value& one : at(operation + "/parameters").as_array()) {
        const value* name = one.as_object().if_contains("name");
        const value* reference = one.as_object().if_contains("$ref");
        const std::string text(name ? name->as_string() : reference->as_string());
        names.push_back(text.substr(text.rfind('/') + 1));
    }
    return names;
}

void collect_references(const value& json, std::set<std::string>& found) {
    if (json.is_array())
        for (const value& item : json.as_array()) collect_references(item, found);
    if (!json.is_object()) return;
    for (const auto& member : json.as_object()) {
        if (member.key() == "$ref") found.emplace(member.value().as_string());
        collect_references(member.value(), found);
    }
}

TEST(OpenApi, HasEveryOperationOnceAndNoOther) {
    std::set<std::string> paths;
    for (const auto& path : at("/paths").as_object())
        for (const auto& operation : path.value().as_object())
            paths.insert(std::string(path.key()) + " " + std::string(operation.key()));
    EXPECT_EQ(paths,
              (std::set<std::string>{"/books get", "/books post", "/books/{id} delete", "/books/{id} get",
                                     "/books/{id} patch", "/books/{id} put", "/books/{id}/lend post",
                                     "/books/{id}/mend post", "/books/{id}/history get", "/books/bulk post",
                                     "/books/{id}/uses get", "/shelves/{id}/uses get", "/books/summary get",
                                     "/hours get", "/shelves/summary get", "/shelves get",
                                     "/shelves/{id} get", "/shelves/{id}/history get"}));
    std::set<std::string> ids;
    for (const Operation& operation : registry().operations()) EXPECT_TRUE(ids.insert(operation.id()).second);
}

TEST(OpenApi, ListsTheFiltersThatTheDescriptionAllows) {
    EXPECT_EQ(parameters("/paths/~1books/get"), (std::vector<std::string>{"FilterId",
                                                                          "FilterIdIn",
                                                                          "BookFilterTitleIcontains",
                                                                          "BookFilterShelf",
                                                                          "BookFilterShelfIsnull",
                                                                          "BookFilterShelfIn",
                                                                          "BookFilterKind",
                                                                          "BookFilterLentOn",
                                                                          "BookFilterLentOnIsnull",
                                                                          "BookFilterLentOnLt",
                                                                          "BookFilterLentOnLte",
                                                                          "BookFilterLentOnGt",
                                                                          "BookFilterLentOnGte",
                                                                          "BookFilterTagsAny",
                                                                          "BookFilterTagsAll",
                                                                          "FilterCreatedAtLt",
                                                                          "FilterCreatedAtLte",
                                                                          "FilterCreatedAtGt",
                                                                          "FilterCreatedAtGte",
                                                                          "FilterUpdatedAtLt",
                                                                          "FilterUpdatedAtLte",
                                                                          "FilterUpdatedAtGt",
                                                                          "FilterUpdatedAtGte",
                                                                          "Or",
                                                                          "Not",
                                                                          "ordering",
                                                                          "Page",
                                                                          "PageSize",
                                                                          "Cursor",
                                                                          "Count",
                                                                          "Format",
                                                                          "BookFields",
                                                                          "BookExpand",
                                                                          "Can",
                                                                          "IfNoneMatch"}));
}

TEST(OpenApi, ListsAndSummariesShareTheirFilters) {
    const std::vector<std::string> of_list = parameters("/paths/~1books/get");
    std::vector<std::string> of_summary = parameters("/paths/~1books~1summary/get");
    EXPECT_EQ(of_summary.back(), "group") << "nothing of a book adds up";
    of_summary.pop_back();
    EXPECT_TRUE(std::equal(of_summary.begin(), of_summary.end(), of_list.begin()));
    EXPECT_EQ(at("/paths/~1books~1summary/get/responses/200/$ref"), "#/components/responses/Summary");
}

TEST(OpenApi, OrdersByWhatMaySortInBothDirections) {
    for (const value& one : at("/paths/~1books/get/parameters").as_array()) {
        if (!one.as_object().contains("name") || one.at("name") != "ordering") continue;
        EXPECT_EQ(one.at_pointer("/schema/items/enum"),
                  (boost::json::array{"id", "-id", "title", "-title", "lent_on", "-lent_on", "created_at",
                                      "-created_at", "updated_at", "-updated_at"}));
    }
}

TEST(OpenApi, TakesOnCreateWhatMayBeWritten) {
    const std::string create = "/components/schemas/BookCreate";
    EXPECT_EQ(keys(at(create + "/properties")),
              (std::set<std::string>{"id", "title", "shelf", "kind", "lent_on", "tags", "secret"}));
    EXPECT_EQ(at(create + "/required"), boost::json::array{"title"});
    EXPECT_EQ(at(create + "/additionalProperties"), false);
    EXPECT_EQ(at(create + "/properties/title/minLength"), 1);
    EXPECT_EQ(at(create + "/properties/title/maxLength"), 80);
}

TEST(OpenApi, TakesNothingLaterThatIsFixedOnCreate) {
    const std::set<std::string> later = {"title", "shelf", "lent_on", "tags", "secret"};
    EXPECT_EQ(keys(at("/components/schemas/BookPatch/properties")), later);
    EXPECT_EQ(keys(at("/components/schemas/BookReplace/properties")), later);
    EXPECT_FALSE(at("/components/schemas/BookPatch").as_object().contains("required"));
    EXPECT_EQ(at("/components/schemas/BookReplace/required"), boost::json::array{"title"});
}

TEST(OpenApi, ShowsAReferenceAsAnIdOrAsTheRowItExpandsTo) {
    const value& shelf = at("/components/schemas/Book/properties/shelf/oneOf");
    ASSERT_EQ(shelf.as_array().size(), 3U);
    EXPECT_EQ(shelf.at_pointer("/0/format"), "uuid");
    EXPECT_EQ(shelf.at_pointer("/1/$ref"), "#/components/schemas/ShelfBrief");
    EXPECT_EQ(shelf.at_pointer("/2/type"), "null");
    EXPECT_EQ(keys(at("/components/schemas/ShelfBrief/properties")), (std::set<std::string>{"id", "name"}));
}

TEST(OpenApi, SaysWhoMayCallARoute) {
    EXPECT_EQ(at("/security"), (boost::json::array{object{{"bearer", boost::json::array{}}}}));
    EXPECT_EQ(at("/paths/~1hours/get/security"), boost::json::array{});
    EXPECT_EQ(at("/paths/~1books~1{id}~1lend/post/description"),
              "Needs the permission `library.keep` (Keep the books), which these roles have: admin, staff.");
    EXPECT_EQ(at("/paths/~1books~1{id}~1mend/post/description"),
              "A row that you may not see is not found. Rows may be seen that you may not do this to.");
}

TEST(OpenApi, ListsTheProblemsThatAnOperationCanAnswer) {
    EXPECT_EQ(keys(at("/paths/~1books/get/responses")),
              (std::set<std::string>{"200", "304", "400", "401", "404", "422", "429", "503"}));
    EXPECT_EQ(keys(at("/paths/~1books~1{id}/patch/responses")),
              (std::set<std::string>{"200", "400", "401", "403", "404", "409", "412", "413", "415", "422",
                                     "429", "503"}));
    EXPECT_EQ(
        keys(at("/paths/~1books~1{id}~1lend/post/responses")),
        (std::set<std::string>{"200", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503"}));
    const std::string conflict(at("/paths/~1books~1{id}~1lend/post/responses/409/description").as_string());
    EXPECT_NE(conflict.find("`library.lent`: The book is lent already."), std::string::npos);
    EXPECT_EQ(at("/paths/~1books/post/responses/409/$ref"), "#/components/responses/ConflictBook");
    const std::string taken(at("/components/responses/ConflictBook/description").as_string());
    EXPECT_NE(taken.find("`library.once`"), std::string::npos);
}

TEST(OpenApi, RefersToEveryComponentAndToNoOther) {
    std::set<std::string> referred;
    collect_references(document(), referred);
    std::set<std::string> defined;
    for (const char* kind : {"schemas", "parameters", "responses"})
        for (const auto& name : keys(at(std::string("/components/") + kind)))
            defined.insert(std::string("#/components/") + kind + "/" + name);
    EXPECT_EQ(referred, defined);
}

TEST(OpenApi, SharesWhatManyOperationsSay) {
    const std::string read = "/paths/~1books~1{id}/get/responses";
    EXPECT_EQ(at(read + "/200/$ref"), "#/components/responses/Book");
    EXPECT_EQ(at("/paths/~1books~1{id}/patch/responses/200"), at(read + "/200"));
    EXPECT_EQ(at("/paths/~1shelves~1{id}/get/responses/304"), at(read + "/304"));
    EXPECT_EQ(at("/paths/~1shelves/get/responses/503/$ref"), "#/components/responses/UnavailableExport");
}

TEST(OpenApi, HasAPartForEachAppThatTogetherAreTheDocument) {
    const Registry both({engine(), library::app()});
    const value whole = openapi(documented(both)), engine_part = openapi_part(documented(both), "core"),
                part = openapi_part(documented(both), "library");
    EXPECT_TRUE(keys(part.at("components").at("schemas")).contains("BookCreate"));
    EXPECT_FALSE(keys(part.at("components").at("schemas")).contains("Problem"));
    EXPECT_EQ(keys(part.at("paths")), keys(document().at("paths")));
    for (const char* kind : {"schemas", "parameters", "responses"}) {
        object joined = engine_part.at("components").at(kind).as_object();
        for (const auto& [name, made] : part.at("components").at(kind).as_object())
            EXPECT_TRUE(joined.emplace(name, made).second) << name << " is in both";
        EXPECT_EQ(value(joined), whole.at("components").at(kind));
    }
}

/// A second app with a book, whose schema has that name where none is given.
App shop(std::string schema) {
    static std::deque<Model> models;
    Model& book = models.emplace_back(model_of(tag<library::Book>{}));
    book.name = "shop.book";
    book.app = "shop";
    book.schema = std::move(schema);
    App app{.name = "shop"};
    app.resources.push_back(resource<library::Book>("/wares", {.view = library::everything}));
    app.resources.back().model = &book;
    return app;
}

TEST(OpenApi, LetsNoTwoModelsHaveOneName) {
    try {
        openapi(documented(Registry({library::app(), shop("")})));
        ADD_FAILURE() << "two models are called Book";
    } catch (const std::logic_error& fault) {
        const std::string sentence = fault.what();
        EXPECT_NE(sentence.find("named Book: of the model library.book and of the model shop.book"),
                  std::string::npos)
            << sentence;
    }
    const value apart = openapi(documented(Registry({library::app(), shop("Ware")})));
    EXPECT_TRUE(keys(apart.at("components").at("schemas")).contains("Ware"));
    EXPECT_TRUE(keys(apart.at("components").at("schemas")).contains("WarePage"));
}

struct Hours {
    std::string open{};
};
BOOST_DESCRIBE_STRUCT(Hours, (), (open))
Hours other_hours(ReadTx&, const Actor&) {
    return {};
}
namespace elsewhere {
struct Hours {
    int closed = 0;
};
BOOST_DESCRIBE_STRUCT(Hours, (), (closed))
Hours hours(ReadTx&, const Actor&) {
    return {};
}
}  // namespace elsewhere

TEST(OpenApi, LetsNoTwoStructsHaveOneNameUnlessTheySayTheSame) {
    const auto asking = [](const char* name, const char* path, auto function) {
        App app{.name = name};
        app.routes.push_back(get(path, function, "Say when.", anyone()));
        return app;
    };
    EXPECT_NO_THROW(
        openapi(documented(Registry({asking("one", "/a", other_hours), asking("two", "/b", other_hours)}))));
    EXPECT_THROW(openapi(documented(
                     Registry({asking("one", "/a", other_hours), asking("two", "/b", elsewhere::hours)}))),
                 std::logic_error);
}

TEST(OpenApi, IsTheSameTextEachTimeAndTheSameDocumentIndented) {
    EXPECT_EQ(openapi_text(documented(registry())), openapi_text(documented(Registry({library::app()}))));
    EXPECT_EQ(boost::json::parse(indented_text(document())), document());
}

TEST(OpenApi, ListsWhatMayBeDoneToARow) {
    EXPECT_EQ(at("/components/schemas/Book/properties/can/items/enum"),
              (boost::json::array{"change", "remove", "mend"}));
    EXPECT_EQ(at("/components/schemas/Shelf/properties/can/maxItems"), 0) << "shelves stay as they are";
}

/// What an app with that route is refused with; "nothing" where it is taken.
std::string refusal_of(Route route) {
    App app = library::app();
    app.routes = {std::move(route)};
    try {
        const Registry made({std::move(app)});
        return "nothing";
    } catch (const std::logic_error& error) {
        return error.what();
    }
}

struct Card {
    Id<Card> id{};
    Timestamp created_at{}, updated_at{};
    int version = 1;
};
const Model& model_of(tag<Card>) {
    static const Model card =
        describe<Card>("library.card", {.table = "library_card",
                                        .doc = "Lets its holder borrow.",
                                        .fields = {uuid_model<Card>(), time_stamped_model<Card>()}});
    return card;
}
Card stamp(Tx&, const Actor&, Card card) {
    return card;
}

TEST(VerbsOnRows, NeedARowThatIsMountedAndAPathThatEndsWithTheVerb) {
    using library::everything;
    EXPECT_EQ(refusal_of(post("/books/{id}/mend", library::mend, "Mend.", on<library::Book>(everything))),
              "nothing");
    EXPECT_EQ(refusal_of(post("/books/mend", library::mend, "Mend.", on<library::Book>(everything))),
              "the route POST /books/mend is a verb on a row, so its path ends with /{id}/verb");
    EXPECT_EQ(refusal_of(post("/cards/{id}/stamp", stamp, "Stamp.", on<Card>(everything))),
              "stamp is a verb on rows of library.card, which no app mounts");
}

TEST(Print, TellsAModelFieldByField) {
    const std::string text = print::model(registry(), model_of(tag<library::Book>{}));
    EXPECT_NE(text.find("  resource  /api/v1/books: list, read, create, change, delete\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("required, at most 80 characters, sort, filter contains\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("filter equal|any, to library.shelf, on delete restrict\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("read needs library.keep, write needs library.keep\n"), std::string::npos) << text;
    EXPECT_NE(text.find("once  title  This book stands there already.\n"), std::string::npos) << text;
}

TEST(Print, TellsARoutePerLine) {
    EXPECT_EQ(print::routes(registry()),
              "GET     /api/v1/books                 scope view    List books.\n"
              "POST    /api/v1/books                 scope create  Create a new book.\n"
              "POST    /api/v1/books/bulk            scope each    Create, change and remove many books.\n"
              "GET     /api/v1/books/summary         scope view    Count books in groups, and add up what "
              "they have.\n"
              "GET     /api/v1/books/{id}            scope view    Read one book.\n"
              "PUT     /api/v1/books/{id}            scope change  Replace one book.\n"
              "PATCH   /api/v1/books/{id}            scope change  Change parts of one book.\n"
              "DELETE  /api/v1/books/{id}            scope remove  Delete one book.\n"
              "GET     /api/v1/books/{id}/history    scope view    See what was changed in one book.\n"
              "POST    /api/v1/books/{id}/lend       library.keep  Lend a book.\n"
              "POST    /api/v1/books/{id}/mend       scope verb    Mend a book.\n"
              "GET     /api/v1/books/{id}/uses       scope view    See where one book is used.\n"
              "GET     /api/v1/hours                 anyone        Say when the library is open.\n"
              "GET     /api/v1/shelves               scope view    List shelves.\n"
              "GET     /api/v1/shelves/summary       scope view    Count shelves in groups, and add up what "
              "they have.\n"
              "GET     /api/v1/shelves/{id}          scope view    Read one shelf.\n"
              "GET     /api/v1/shelves/{id}/history  scope view    See what was changed in one shelf.\n"
              "GET     /api/v1/shelves/{id}/uses     scope view    See where one shelf is used.\n");
}

}  // namespace
}  // namespace tamiti
