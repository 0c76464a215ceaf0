#include "apps/people/service_import.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "apps/people/access.hpp"
#include "apps/people/import_rows.hpp"
#include "apps/people/service_invitations.hpp"
#include "apps/users/service.hpp"
#include "core/api/route.hpp"
#include "core/base/json.hpp"
#include "core/cache/throttle.hpp"
#include "core/model/input.hpp"

namespace tamiti::people {
namespace {

constexpr Limit imports_of_one{"import", 60, std::chrono::hours(1)};

/// {"E-mail": "email", "Shoe size": null} as texts, empty for null.
std::map<std::string, std::string> mapping_of(const Sheet& sheet) {
    std::map<std::string, std::string> mapping;
    if (!sheet.mapping) return mapping;
    const json::value parsed = json::parse(sheet.mapping->text);
    const auto refuse = [] {
        throw Invalid(std::vector<FieldError>{
            {"mapping", R"(Send columns and fields such as {"E-mail": "email", "Shoe size": null}.)"}});
    };
    const json::object* columns = parsed.if_object();
    if (!columns) refuse();
    for (const auto& [column, field] : *columns) {
        if (!field.is_null() && !field.is_string()) refuse();
        const std::string name = field.is_null() ? std::string() : std::string(field.get_string());
        if (!name.empty() && !is_import_field(name)) refuse();
        mapping[std::string(column)] = name;
    }
    return mapping;
}

std::string columns_json(const ReadSheet& read) {
    std::string out = "{";
    for (const Column& column : read.columns) {
        if (column.name.empty() && column.field.empty()) continue;
        if (out.size() > 1) out += ',';
        json::append_string(out, column.name);
        out += ':';
        if (column.field.empty())
            out += "null";
        else
            json::append_string(out, column.field);
    }
    return out + "}";
}

std::string faults_json(const ReadSheet& read) {
    std::string out;
    json::Writer writer(out);
    writer.begin_array();
    for (const CellFault& fault : read.faults) {
        writer.begin_object();
        writer.key("row");
        writer.integer(fault.row);
        writer.key("column");
        writer.string(fault.column);
        writer.key("field");
        writer.string(fault.field);
        writer.key("message");
        writer.string(fault.message);
        writer.end_object();
    }
    writer.end_array();
    return out;
}

void refuse_faults(const ReadSheet& read) {
    std::vector<FieldError> errors;
    for (const CellFault& fault : read.faults)
        errors.push_back(
            {"rows." + std::to_string(fault.row) + (fault.field.empty() ? "" : "." + fault.field),
             fault.message});
    throw Invalid(std::move(errors));
}

/// Two columns of one name would be one member twice; those without a name are empty.
void check_names(const ReadSheet& read) {
    std::vector<std::string> names;
    for (const Column& column : read.columns)
        if (!column.name.empty() || !column.field.empty()) names.push_back(column.name);
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
        throw Invalid("csv", "Two columns have the same name.");
}

}  // namespace

ImportReport import_people(Tx& tx, const Actor& who, Sheet sheet) {
    require(tx.site(), imports_of_one, who.id.text());
    ReadSheet read = read_sheet(tx, who, sheet.csv.text, mapping_of(sheet));
    check_names(read);
    ImportReport report{.dry_run = sheet.dry_run, .rows = read.rows};
    report.columns.text = columns_json(read);
    report.errors.text = faults_json(read);
    report.invited = static_cast<int>(read.invitations.size());
    if (sheet.dry_run) return report;
    if (!read.faults.empty()) refuse_faults(read);

    users::Import batch{.row_count = read.rows};
    batch.imported_by = users::self(who);
    tx.insert(batch);
    std::vector<std::string> addresses;
    for (const users::Invitation& invitation : read.invitations) addresses.push_back(invitation.email.text);
    make_room_for(tx, addresses);
    for (users::Invitation& invitation : read.invitations) {
        prepare_invitation(tx, who, invitation);
        invitation.batch = batch.id;
        tx.insert(invitation);
        send_invitation(tx, invitation.id);
    }
    report.id = batch.id;
    return report;
}

Undone undo_import(Tx& tx, const Actor& who, Id<users::Import> id) {
    users::Import batch = tx.lock(id, visible_imports(who));
    Undone undone{.id = id};
    if (!batch.undone_at) {
        undone.cancelled =
            users::end_invitations(tx, users::InvitationState::cancelled, where("batch = {}", id));
        batch.undone_at = tx.now();
        tx.save(batch, &users::Import::undone_at);
    }
    undone.kept = users::joined_by(tx, id);
    return undone;
}

const Shape& shape_of(tag<Sheet>) {
    static const Shape shape = input<Sheet>(
        {field<&Sheet::csv>(
             "csv", {.max_length = 1'000'000,
                     .help = "Comma-separated values (RFC 4180) in UTF-8: a head and at most 1,000 rows.",
                     .example = "email,first_name,roles\nachieng@studio.example,Sharon,content\n"}),
         field<&Sheet::mapping>(
             "mapping", {.help = "Field of each column whose name doesn't say it; null leaves a column out.",
                         .example = R"({"E-mail": "email"})"}),
         field<&Sheet::dry_run>("dry_run", {.help = "Only say what is wrong."})});
    return shape;
}

}  // namespace tamiti::people
