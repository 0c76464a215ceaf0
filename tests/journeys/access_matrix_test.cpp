#include <fstream>
#include <map>
#include <sstream>

#include "core/model/member.hpp"
#include "tests/support/studio.hpp"

namespace tamiti::test {
namespace {

/// Walks every operation of the program as every role over the demo studio and compares the status with
/// access_matrix.txt. Requests are made so that they change nothing where they are allowed: empty bodies, and
/// an If-Match that no row has.
class AccessMatrix : public Studio {
public:
    static void SetUpTestSuite() {
        Studio::SetUpTestSuite();
        for (const auto& name : roles())
            if (name != "guest") user("matrix_" + name, {enum_value<Role>(name)});
        transact(site(), Actor::system(), [](Tx& tx) {
            for (const App& app : registry().apps())
                if (app.seed) app.seed(tx);
        });
    }

    static std::vector<std::string> roles() {
        std::vector<std::string> names = {"guest"};
        for (const auto& name : enum_names<Role>()) names.push_back(name);
        return names;
    }

    static std::string operation_name(const Operation& operation) {
        return std::string(http::name_of(operation.method)) + " " + operation.path;
    }

    /// The path with an existing row's id: of the operation's resource, or of the resource whose path the
    /// verb's begins with.
    static std::string path_of(const Operation& operation) {
        std::string path = operation.path;
        const std::size_t brace = path.find("{");
        if (brace == std::string::npos) return path;
        const std::string rows = path.substr(0, brace - 1);
        std::string id = Uuid::make().text();
        for (const App& app : registry().apps())
            for (const Resource& resource : app.resources)
                if (resource.path == rows) {
                    const std::string first =
                        sql("SELECT id FROM " + resource.model->table + " ORDER BY id LIMIT 1");
                    if (!first.empty()) id = first;
                }
        return path.replace(brace, path.find('}') - brace + 1, id);
    }

    static std::string statuses(const Operation& operation) {
        std::string line;
        for (const auto& role : roles()) {
            const bool writes = operation.method != http::Method::get;
            const std::map<std::string, std::string> headers =
                operation.verb == Verb::remove ? std::map<std::string, std::string>{{"If-Match", "\"0\""}}
                                               : std::map<std::string, std::string>{};
            const std::string who = role == "guest" ? role : "matrix_" + role;
            // A verb like logging out ends the session, so everyone signs in afresh for each call.
            line += " " + std::to_string(send(operation.method, who, path_of(operation),
                                              writes && operation.verb != Verb::remove ? "{}" : "", headers)
                                             .status);
            if (operation.verb == Verb::none && role != "guest") sign_in_again(who);
        }
        return line;
    }
};

std::map<std::string, std::string> declared() {
    std::ifstream file(TAMITI_SOURCE_DIR "/tests/journeys/access_matrix.txt");
    std::map<std::string, std::string> expected;
    std::string line;
    while (std::getline(file, line)) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string method, path, status, statuses;
        words >> method >> path;
        while (words >> status) statuses += " " + status;
        expected[method + " " + path] = statuses;
    }
    return expected;
}

TEST_F(AccessMatrix, EveryOperationAnswersEveryRoleAsDeclared) {
    auto expected = declared();
    std::string actual_table;
    for (const Operation& operation : pipeline().router().all()) {
        const std::string name = operation_name(operation);
        const std::string actual = statuses(operation);
        actual_table += name + actual + "\n";
        const auto found = expected.find(name);
        if (found == expected.end()) {
            ADD_FAILURE() << "access_matrix.txt declares nothing for " << name << ", which answers" << actual;
            continue;
        }
        EXPECT_EQ(actual, found->second)
            << name << "\n(the order is guest, then the roles as they are declared)";
        expected.erase(found);
    }
    for (const auto& [name, statuses] : expected)
        ADD_FAILURE() << "access_matrix.txt declares " << name << ", which is not there";
    if (HasFailure()) std::printf("The whole table as it is:\n%s", actual_table.c_str());
}

}  // namespace
}  // namespace tamiti::test
