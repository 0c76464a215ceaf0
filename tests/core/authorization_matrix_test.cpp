#include "tests/support/matrix/matrix.hpp"

#include <gmock/gmock.h>

#include "core/api/route.hpp"
#include "core/model/tx.hpp"
#include "tests/core/toy/library_api.hpp"

/// That the authorization matrix notices what it is there for, shown with the toy library.
namespace tamiti::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using toy_library::Book;
using toy_library::Shelf;

constexpr const char* declared = R"(
/shelves
    sees own other: admin finance owner other
    creates -: admin finance owner other
    changes own: admin owner
    changes other: admin
    removes own: admin owner
    removes other: admin
/books
    sees own deleted: admin finance owner other
    sees hidden: admin owner
    changes own hidden deleted: admin owner
    removes own hidden deleted: admin owner
    creates own: admin owner
    creates other: admin
POST /books/{id}/lend like changes
GET /settings/library.lending
    -: 200 *
PATCH /settings/library.lending
    -: 200 admin | 403 *
GET /settings/library.lender
    -: 200 *
PATCH /settings/library.lender
    -: 200 *
)";

std::map<std::string, Kinds> make_books() {
    const auto book = [](const char* title, bool hidden) {
        return Api::make("owner", "/books",
                         {{"shelf", kinds_at("/shelves").at("own")}, {"title", title}, {"hidden", hidden}});
    };
    return {{"/books",
             {{"own", book("Open", false)},
              {"hidden", book("Secret", true)},
              {"deleted", removed("/books", book("Gone", false))}}}};
}

Body lending(const std::string&, const std::string&) {
    return {{"to", "Ann"}};
}

const Samples samples({{{"/books"}, make_books}}, {{"POST /books/{id}/lend", {.body = lending}}});

Scope open_books(const Actor& who) {
    return toy_library::visible_books(who) && where("NOT hidden");
}

Book show(Tx&, const Actor&, Book book) {
    return book;
}

Book refuse(Tx&, const Actor&, Book) {
    throw Conflict("library.fixed", "The window is full.");
}

/// What the library's operations answer, where its declaration is changed in one place.
class AMatrix : public ::testing::Test {
public:
    static Resource& resource(App& app, const std::string& path) {
        return *std::ranges::find(app.resources, path, &Resource::path);
    }

    template <class Change>
    static std::vector<std::string> differences(const Change& change) {
        App app = toy_library::app();
        change(app);
        LibraryApi::start({engine(), app});
        Matrix matrix({.actors = {"admin", "finance", "client", "owner", "other"},
                       .nobodies = {"guest"},
                       .chief = "boss",
                       .owner = "owner",
                       .sign_in_again = [](const std::string&) {}},
                      "library");
        matrix.ask();
        const auto found = matrix.table().differences(Table::read(declared));
        if (found.empty()) {
            EXPECT_THAT(Table::read(matrix.table().text({"admin", "finance", "client", "owner", "other"}))
                            .differences(Table::read(declared)),
                        IsEmpty())
                << "what it prints isn't what it means";
        }
        LibraryApi::close();
        return found;
    }
};

TEST_F(AMatrix, AgreesWithWhatIsDeclared) {
    EXPECT_THAT(differences([](App&) {}), IsEmpty());
}

TEST_F(AMatrix, NoticesAScopeThatShowsMore) {
    const auto found =
        differences([](App& app) { resource(app, "/books").access.view = toy_library::visible_shelves; });
    EXPECT_THAT(found, Contains(HasSubstr("/books: sees hidden is \"admin finance other owner\"")));
}

TEST_F(AMatrix, NoticesAScopeThatLetsChangeMore) {
    const auto found =
        differences([](App& app) { resource(app, "/shelves").access.change = toy_library::visible_shelves; });
    EXPECT_THAT(found, Contains(HasSubstr("/shelves: changes other is")));
}

TEST_F(AMatrix, NoticesWhoMayMakeRows) {
    const auto found =
        differences([](App& app) { resource(app, "/books").access.create = toy_library::visible_books; });
    EXPECT_THAT(found, Contains(HasSubstr("/books: creates other is \"admin finance other owner\"")));
}

TEST_F(AMatrix, NoticesARuleThatRefuses) {
    const auto found = differences([](App& app) {
        resource(app, "/books").before_save = [](Tx&, const Actor&, void*, const void* before) {
            if (before) throw Conflict("library.fixed", "Books stay as they are.");
        };
    });
    EXPECT_THAT(found, Contains(HasSubstr("/books: but change own is \"409 admin owner\"")));
}

TEST_F(AMatrix, NoticesAnOperationThatIsNewOrGone) {
    EXPECT_THAT(differences([](App& app) { app.routes.clear(); }),
                Contains("POST /books/{id}/lend like changes: is declared and not there"));
    EXPECT_THAT(differences([](App& app) { app.routes.front().path = "/books/{id}/give"; }),
                Contains("POST /books/{id}/give like changes: is not declared"));
}

TEST_F(AMatrix, NoticesAVerbThatAsksNobody) {
    const auto found = differences(
        [](App& app) { app.routes.front().run = [](Call& call) { call.response.status = 200; }; });
    EXPECT_THAT(found, Contains(HasSubstr("POST /books/{id}/lend like changes: own is \"200 ")));
}

TEST_F(AMatrix, NoticesWhoMayDoSomethingToRowsInAScopeOfItsOwn) {
    const auto found = differences([](App& app) {
        app.routes.push_back(
            post("/books/{id}/show", show, "Put a book in the window.", on<Book>(open_books)));
    });
    EXPECT_THAT(found,
                UnorderedElementsAre("POST /books/{id}/show: is not declared",
                                     HasSubstr("show: own is \"200 admin finance other owner\" and not")));
}

TEST_F(AMatrix, NoticesWhatAVerbOnRowsAnswersBeyondItsScope) {
    const auto found = differences([](App& app) {
        app.routes.push_back(
            post("/books/{id}/show", refuse, "Put a book in the window.", on<Book>(toy_library::kept_books)));
    });
    EXPECT_THAT(found, UnorderedElementsAre("POST /books/{id}/show like changes: is not declared",
                                            HasSubstr("own is \"409 admin owner\" and not"),
                                            HasSubstr("hidden is \"409 admin owner\" and not")));
}

TEST(AMatrixTable, SaysWhichLineCannotBeRead) {
    for (const char* text : {"/x\n    sees own admin", "    sees own: admin", "/x\n/x", "/x\n    sees own: ",
                             "/x\n    sees own: ada\n    sees team own: ada", "/x\n    sees own: ada ada"})
        EXPECT_THROW(Table::read(text), std::runtime_error) << text;
    try {
        Table::read("# words\n/x\n\n    sees own: ada ada\n");
        ADD_FAILURE();
    } catch (const std::runtime_error& fault) {
        EXPECT_EQ(std::string(fault.what()), "line 4: ada stands there twice");
    }
}

}  // namespace
}  // namespace tamiti::test
