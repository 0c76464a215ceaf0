#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/matrix/studio_cast.hpp"
#include "tests/support/toys.hpp"

/// The authorization matrix of a studio with very many resources. Each test is one of its apps, so that the
/// shards of GoogleTest share them out; what each asked goes into a file of MATRIX_COUNTS.
namespace tamiti::test {
namespace {

constexpr int app_count = 10;
constexpr int resources_each = 11;
constexpr int verbs_each = 12;

/// What every toy's resource says, and each of its verbs.
constexpr const char* of_resource = R"(
{}
    sees own team deleted: admin manager finance content digital field staff owner other
    sees secret: admin
    changes own: admin owner
    changes team deleted secret: admin
    removes own: admin owner
    removes team deleted secret: admin
    creates -: admin manager finance content digital field staff owner other
)";
constexpr const char* of_verb = R"(
{}
    own team: 404 client buyer | 200 *
    secret: 200 admin | 404 *
    deleted: 404 *
)";

std::string filled(std::string text, const std::string& title) {
    return text.replace(text.find("{}"), 2, title);
}

/// The rows of a toy; those that nobody but admins sees among them.
Kinds rows_at(const std::string& path) {
    const auto toy = [&](const std::string& who, bool secret) {
        return Studio::make(who, path, {{"name", new_name()}, {"is_secret", secret}});
    };
    return {{"own", toy("owner", false)},
            {"team", toy("mate", false)},
            {"secret", toy("boss", true)},
            {"deleted", removed(path, toy("boss", false))}};
}

class ManyResources : public Studio, public ::testing::WithParamInterface<int> {
public:
    static void SetUpTestSuite() {
        const auto toys = toys::apps(app_count, resources_each, verbs_each);
        open_with(toys, toys::migrations(toys));
        cast = studio_cast();
    }
    static inline Cast cast;
};

TEST_P(ManyResources, AnswerAsDeclared) {
    const std::string app = "toys_" + std::to_string(GetParam());
    Matrix matrix(cast, app);
    std::string declared;
    int operations = 0;
    for (const Operation& operation : pipeline().router().all()) {
        if (operation.app != app) continue;
        ++operations;
        if (operation.verb == Verb::list) {
            declared += filled(of_resource, operation.path);
            set_kinds(operation.path, rows_at(operation.path));
        }
        if (operation.verb == Verb::none) declared += filled(of_verb, name_of(operation));
    }
    matrix.ask();
    EXPECT_THAT(matrix.table().differences(Table::read(declared)), ::testing::IsEmpty());
    std::ofstream(std::string(std::getenv("MATRIX_COUNTS")) + "/" + app)
        << operations << " " << matrix.cells().size() << "\n";
}

INSTANTIATE_TEST_SUITE_P(App, ManyResources, ::testing::Range(0, app_count));

}  // namespace
}  // namespace tamiti::test
