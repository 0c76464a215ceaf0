#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include "core/api/route.hpp"
#include "core/model/schema.hpp"
#include "core/model/tx.hpp"
#include "tests/core/toy/library_api.hpp"

/// What the engine promises any app, shown with the toy library.
namespace tamiti::test {
namespace {

using http::Method;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Library : public LibraryApi {
public:
    void SetUp() override {
        shelf = make("owner", "/shelves", {{"name", "Novels"}});
        book = make("owner", "/books", {{"shelf", shelf}, {"title", "Tropical Fish"}});
    }
    void TearDown() override { EXPECT_EQ(remove("boss", "/shelves/" + shelf).status, 204); }

    std::string shelf, book;
};

TEST_F(Library, HasTheTablesThatItsModelsDescribe) {
    const auto connection = site().pool->acquire();
    std::vector<std::string> faults;
    for (const std::string& fault : compare_schema(*connection, registry().catalogue()).faults)
        if (fault.find("has no index") == std::string::npos) faults.push_back(fault);
    EXPECT_THAT(faults, IsEmpty());
}

TEST_F(Library, AnswersByItsScopes) {
    const std::string path = "/books/" + book;
    access(Method::get, path, {{"guest", 401}, {"client", 404}, {"other", 200}, {"owner", 200}});
    access(Method::patch, path, {{"title", "Weight of Whispers"}},
           {{"guest", 401}, {"client", 404}, {"other", 403}, {"owner", 200}, {"boss", 200}});
    access(Method::post, "/books", {{"shelf", shelf}, {"title", "Kintu"}},
           {{"guest", 401}, {"client", 403}, {"other", 403}, {"owner", 201}});
    access(Method::delete_, path, {{"guest", 401}, {"client", 404}, {"other", 403}, {"owner", 204}});
}

TEST_F(Library, ShowsNobodyWhatIsHidden) {
    EXPECT_EQ(patch("owner", "/books/" + book, {{"hidden", true}}).status, 200);
    EXPECT_THAT(get("other", "/books").ids(), IsEmpty());
    EXPECT_THAT(get("owner", "/books").ids(), ElementsAre(book));
    access(Method::post, "/books/" + book + "/lend", {{"to", "Ann"}},
           {{"guest", 401}, {"other", 404}, {"owner", 200}});
    EXPECT_EQ(get("owner", "/books/" + book).text("lent_to"), "Ann");
}

/// A library whose verb refuses and leaves something behind.
class LeakyLibrary : public LibraryApi {
public:
    static void SetUpTestSuite() {
        App leaky = toy_library::app();
        leaky.routes.front().run = [](Call& call) {
            transact(call.site, Actor::system(),
                     [](Tx& tx) { tx.execute(Sql("UPDATE library_book SET lent_to = 'a thief'")); });
            throw Conflict("library.late", "Too late.");
        };
        start({engine(), leaky});
    }
};

TEST_F(LeakyLibrary, IsNoticedByATestOfItsAccess) {
    const std::string shelf = make("owner", "/shelves", {{"name", "Novels"}});
    const std::string book = make("owner", "/books", {{"shelf", shelf}, {"title", "Tropical Fish"}});
    const std::string path = "/books/" + book + "/lend";
    EXPECT_NONFATAL_FAILURE(access(Method::post, path, {{"owner", 409}}),
                            "was refused and changed something");
}

}  // namespace
}  // namespace tamiti::test
