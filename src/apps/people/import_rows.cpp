#include "apps/people/import_rows.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "apps/users/service.hpp"
#include "core/base/csv.hpp"
#include "core/base/json.hpp"
#include "core/base/text.hpp"
#include "core/base/unicode.hpp"
#include "core/model/draft.hpp"

namespace tamiti::people {
namespace {

constexpr std::array<std::string_view, 9> fields = {"email",     "first_name",  "last_name",
                                                    "job_title", "roles",       "department",
                                                    "branch",    "designation", "account_expires_at"};
constexpr std::size_t most_faults = 500;

/// "First name" is first_name, "E-mail" is email.
std::string field_named(std::string_view column) {
    std::string name = lower(trim(column));
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
    if (name == "e_mail" || name == "e_mail_address" || name == "email_address") name = "email";
    if (name == "role") name = "roles";
    return is_import_field(name) ? name : std::string();
}

std::vector<Column> columns_of(const std::vector<std::string>& head,
                               const std::map<std::string, std::string>& mapping) {
    std::vector<Column> columns;
    std::vector<FieldError> faults;
    for (const std::string& cell : head) {
        Column column{.name = std::string(trim(cell)), .field = {}};
        const auto mapped = mapping.find(column.name);
        if (column.name.empty() && mapped == mapping.end()) {
            columns.push_back(std::move(column));  // whatever stands below it is a fault of its row
            continue;
        }
        column.field = mapped == mapping.end() ? field_named(column.name) : mapped->second;
        if (mapped == mapping.end() && column.field.empty())
            faults.push_back({"mapping", "Say what the column \"" + column.name +
                                             "\" is, or null to leave it out. Fields are: " +
                                             join(import_fields(), ", ") + "."});
        const auto same = [&](const Column& other) { return other.field == column.field; };
        if (!column.field.empty() && std::any_of(columns.begin(), columns.end(), same))
            faults.push_back({"mapping", "Two columns are " + column.field + "."});
        columns.push_back(std::move(column));
    }
    for (const auto& [name, field] : mapping)
        if (std::none_of(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; }))
            faults.push_back({"mapping", "There is no column \"" + name + "\"."});
    for (const char* needed : {"email", "roles"})
        if (std::none_of(columns.begin(), columns.end(), [&](const Column& c) { return c.field == needed; }))
            faults.push_back({"mapping", std::string("No column is ") + needed + "."});
    if (!faults.empty()) throw Invalid(std::move(faults));
    return columns;
}

/// Names of the structure, folded, with their ids.
using Names = std::map<std::string, std::string>;

template <class T>
Names names_of_all(ReadTx& tx) {
    Names names;
    for (const T& each : tx.select<T>(Sql("true"))) names[folded(each.name)] = each.id.text();
    return names;
}

/// What stands in the way of inviting an address: an account, or an invitation that is open.
struct Known {
    std::vector<std::string> accounts{};
    std::vector<std::string> invited{};
};

bool contains(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

/// Reads the rows of one sheet.
class RowReader {
public:
    /// `takes_unnamed`: the mapping says what columns without a name are.
    RowReader(ReadTx& tx, const Actor& who, ReadSheet& sheet, bool takes_unnamed)
        : who_(who), sheet_(sheet), takes_unnamed_(takes_unnamed), time_zone_(tx.site().time_zone) {
        names_["department"] = names_of_all<users::Department>(tx);
        names_["branch"] = names_of_all<users::Branch>(tx);
        names_["designation"] = names_of_all<users::Designation>(tx);
    }

    void read(int row, const std::vector<std::string>& cells) {
        row_ = row;
        ok_ = true;
        if (const std::size_t size = size_of(cells); size != sheet_.columns.size())
            return fault("", "The row has " + std::to_string(size) + " cells, the head has " +
                                 std::to_string(sheet_.columns.size()) + ".");
        json::object body;
        for (std::size_t i = 0; i < sheet_.columns.size(); ++i) {
            if (sheet_.columns[i].name.empty() && !takes_unnamed_ && !trim(cells[i]).empty())
                return fault("", "Something stands in column " + std::to_string(i + 1) +
                                     ", which has no name in the head.");
            add(body, sheet_.columns[i].field, cells[i]);
        }
        Draft draft = initial_draft(model_of(tag<users::Invitation>{}));
        try {
            take(draft, body, who_, Verb::create);
        } catch (const Problem& problem) {
            for (const FieldError& error : problem.errors())
                fault(error.field.substr(0, error.field.find('.')), error.message);
        }
        if (!ok_) return;
        users::Invitation invitation;
        to_row(draft, &invitation);
        sheet_.invitations.push_back(std::move(invitation));
        sheet_.row_of.push_back(row);
    }

    void fault(int row, const std::string& field, std::string message) {
        row_ = row;
        fault(field, std::move(message));
    }

private:
    /// How many cells there are, without empty ones that stand beyond the head.
    std::size_t size_of(const std::vector<std::string>& cells) const {
        std::size_t size = cells.size();
        while (size > sheet_.columns.size() && trim(cells[size - 1]).empty()) --size;
        return size;
    }

    void add(json::object& body, const std::string& field, const std::string& cell) {
        const std::string text = kept_line(cell);
        if (field.empty() || (text.empty() && field != "email" && field != "roles")) return;
        if (field == "roles") {
            body[field] = roles_in(text);
        } else if (const auto known = names_.find(field); known != names_.end()) {
            const auto found = known->second.find(folded(text));
            if (found == known->second.end())
                fault(field, "There is no " + field + " of this name.");
            else
                body[field] = found->second;
        } else if (const auto day = parse_date(text); day && field == "account_expires_at") {
            body[field] = format(start_of_day(*day + std::chrono::days(1), time_zone_));  // the day counts
        } else {
            body[field] = text;
        }
    }

    /// "content, digital": with commas, semicolons or bars.
    static json::array roles_in(std::string text) {
        std::replace_if(
            text.begin(), text.end(), [](char c) { return c == ';' || c == '|'; }, ',');
        json::array roles;
        for (std::string_view part : split(text, ','))
            if (!trim(part).empty()) roles.emplace_back(lower(trim(part)));
        return roles;
    }

    void fault(const std::string& field, std::string message) {
        ok_ = false;
        if (sheet_.faults.size() >= most_faults) return;
        std::string column;
        for (const Column& each : sheet_.columns)
            if (each.field == field) column = each.name;
        sheet_.faults.push_back({row_, std::move(column), field, std::move(message)});
    }

    const Actor& who_;
    ReadSheet& sheet_;
    bool takes_unnamed_;
    std::string time_zone_;
    std::map<std::string, Names> names_{};
    int row_ = 0;
    bool ok_ = true;
};

/// What the database's own rules would find in a row, and the other rows; empty where nothing is wrong.
struct RowFault {
    std::string field{};
    std::string message{};
};

RowFault fault_of(const users::Invitation& invitation, int first_row, int row, const Known& known,
                  Timestamp now) {
    const std::string address = lower(invitation.email.text);
    const RoleSet roles(invitation.roles);
    if (roles.has(Role::client) && roles != RoleSet{Role::client})
        return {"roles", "A client can't hold other roles as well."};
    if (invitation.account_expires_at && *invitation.account_expires_at <= now)
        return {"account_expires_at", "This time is over already."};
    if (first_row != row) return {"email", "Row " + std::to_string(first_row) + " has this address, too."};
    if (contains(known.accounts, address)) return {"email", "There is an account with this address."};
    if (contains(known.invited, address)) return {"email", "This address has an invitation already."};
    return {};
}

/// Leaves the rows without a fault.
void keep_good_rows(ReadTx& tx, ReadSheet& sheet, RowReader& reader) {
    std::vector<std::string> addresses;
    for (const auto& invitation : sheet.invitations) addresses.push_back(lower(invitation.email.text));
    const Known known{.accounts = users::addresses_among(tx, addresses),
                      .invited = users::invited_among(tx, addresses)};
    std::map<std::string, int> first_rows;
    ReadSheet kept;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const int row = sheet.row_of[i];
        const int first_row = first_rows.emplace(addresses[i], row).first->second;
        RowFault fault = fault_of(sheet.invitations[i], first_row, row, known, tx.now());
        if (!fault.message.empty()) {
            reader.fault(row, fault.field, std::move(fault.message));
            continue;
        }
        kept.invitations.push_back(std::move(sheet.invitations[i]));
        kept.row_of.push_back(row);
    }
    sheet.invitations = std::move(kept.invitations);
    sheet.row_of = std::move(kept.row_of);
}

}  // namespace

std::vector<std::string> import_fields() {
    return {fields.begin(), fields.end()};
}

bool is_import_field(std::string_view name) {
    return std::find(fields.begin(), fields.end(), name) != fields.end();
}

ReadSheet read_sheet(ReadTx& tx, const Actor& who, const std::string& csv,
                     const std::map<std::string, std::string>& mapping) {
    ReadSheet sheet;
    try {
        CsvReader cells_of(csv, csv_separator(csv));
        std::vector<std::string> cells;
        if (!cells_of.next(cells)) throw Invalid("csv", "Send a head and at least one row.");
        sheet.columns = columns_of(cells, mapping);
        RowReader reader(tx, who, sheet, mapping.contains(""));
        while (cells_of.next(cells)) {
            if (++sheet.rows > most_rows)
                throw Invalid("csv", "Send at most " + std::to_string(most_rows) + " rows at once.");
            reader.read(cells_of.row(), cells);
        }
        if (sheet.rows == 0) throw Invalid("csv", "Send a head and at least one row.");
        keep_good_rows(tx, sheet, reader);
    } catch (const CsvFault& fault) {
        throw Invalid("csv", fault.what());
    }
    return sheet;
}

}  // namespace tamiti::people
