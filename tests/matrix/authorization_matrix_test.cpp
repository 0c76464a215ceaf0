#include <algorithm>
#include <cstdio>

#include "tests/support/matrix/studio_cast.hpp"

namespace tamiti::test {
namespace {

/// One app's operations, asked by everybody about every row. It is built into each app's test program, which
/// says the app and where its table is.
class AuthorizationMatrix : public Studio {
public:
    static void TearDownTestSuite() {
        asked.reset();
        Studio::TearDownTestSuite();
    }

    /// Asked in the first test that wants to know, so that what fails while it asks is a test's failure.
    static const Matrix& matrix() {
        if (!asked) {
            asked = std::make_unique<Matrix>(studio_cast(), TAMITI_MATRIX_APP);
            asked->ask();
        }
        return *asked;
    }

private:
    static inline std::unique_ptr<Matrix> asked;
};

TEST_F(AuthorizationMatrix, EveryOperationAnswersEveryActorAboutEveryRowAsDeclared) {
    matrix().compare(TAMITI_MATRIX_FILE);
    std::printf("authorization matrix of %s: %zu cells\n", TAMITI_MATRIX_APP, matrix().cells().size());
}

/// Whatever the file says: what isn't shared with the clients of a project isn't there for them.
TEST_F(AuthorizationMatrix, KeepsInternalsFromTheProjectsClient) {
    for (const Matrix::Cell& cell : matrix().cells()) {
        if (cell.kind != "internal") continue;
        if (cell.actor == "buyer" || cell.actor == "client") {
            EXPECT_EQ(cell.status, 404) << cell.operation;
        }
        if (cell.actor == "owner") {
            EXPECT_NE(cell.status, 404) << cell.operation;
        }
    }
}

}  // namespace
}  // namespace tamiti::test
