#include "core/program/command_line.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "core/base/console.hpp"
#include "core/model/stored_settings.hpp"
#include "core/program/documented.hpp"
#include "core/program/health.hpp"
#include "core/program/print.hpp"
#include "core/program/processes.hpp"

// Each command is a line in one of the tables below.
namespace tamiti {
namespace {

using Values = std::map<std::string, std::string>;

int print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    return 0;
}

int describe_one(const Registry& registry, const std::string& name) {
    if (name.empty()) return print(print::all(registry));
    if (const Model* model = registry.catalogue().model_named(name))
        return print(print::model(registry, *model));
    std::string known;
    for (const Model* model : registry.catalogue().models()) known += "  " + model->name + "\n";
    for (const StoredSettings* of : registry.settings()) {
        if (of->name == name) return print(print::settings(*of));
        known += "  " + of->name + "\n";
    }
    std::fprintf(stderr, "There is no model, and there are no settings, \"%s\". These exist:\n%s",
                 name.c_str(), known.c_str());
    return 1;
}

int print_openapi(const Registry& registry, const std::string& name) {
    if (name.empty()) return print(indented_text(openapi(documented(registry))));
    std::string known;
    for (const App& app : registry.apps()) {
        if (app.name == name) return print(indented_text(openapi_part(documented(registry), name)));
        known += "  " + app.name + "\n";
    }
    std::fprintf(stderr, "There is no app \"%s\". These exist:\n%s", name.c_str(), known.c_str());
    return 1;
}

int write_openapi(const Registry& registry, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (const App& app : registry.apps()) {
        std::ofstream file(folder / (app.name + ".json"));
        if (!(file << indented_text(openapi_part(documented(registry), app.name))))
            throw std::runtime_error("can't write into " + folder.string());
    }
    return 0;
}

/// Commands that only read the declarations: they need no database.
void add_printing(CLI::App& cli, Program& program, int& code) {
    auto* describe =
        cli.add_subcommand("describe", "Print a model as the program understands it; all without a name");
    auto name = std::make_shared<std::string>();
    describe->add_option("model", *name, "such as projects.project");
    describe->callback([&, name] { code = describe_one(program.registry, *name); });
    cli.add_subcommand("routes", "Print every route with who may call it")->callback([&] {
        code = print(print::routes(program.registry));
    });
    auto* openapi = cli.add_subcommand("openapi", "Print the OpenAPI document, or what one app adds to it");
    auto app = std::make_shared<std::string>();
    openapi->add_option("app", *app, "such as projects; core is what all apps share");
    auto folder = std::make_shared<std::string>();
    openapi->add_option("--into", *folder,
                        "write what each app adds into this folder instead, a file for each");
    openapi->callback([&, app, folder] {
        code = folder->empty() ? print_openapi(program.registry, *app)
                               : write_openapi(program.registry, *folder);
    });
    cli.add_subcommand("errors", "Print every problem a client may see")->callback([&] {
        code = print(print::errors(program.registry));
    });
    cli.add_subcommand("settings", "Print every setting with its default")->callback([&] {
        code = print(print::settings());
    });
}

void add_running(CLI::App& cli, Program& program, int& code) {
    cli.add_subcommand("run", "Serve the API and do background work")->callback([&] {
        code = serve(program, true);
    });
    cli.add_subcommand("web", "Serve the API only")->callback([&] { code = serve(program); });
    cli.add_subcommand("migrate", "Bring the database up to date")->callback([&] {
        code = migrate(program);
    });
    cli.add_subcommand("health", "Ask the program that runs here whether it is ready")->callback([&] {
        code = ask_health(program.settings);
    });
    cli.add_subcommand("doctor", "Say what is wrong with this installation")->callback([&] {
        code = doctor(program);
    });

    auto* seed = cli.add_subcommand("seed", "Add what a studio begins with: departments and designations");
    auto demo = std::make_shared<bool>(false);
    seed->add_flag("--demo", *demo, "and the demo studio (development only)");
    seed->callback([&, demo] { code = *demo ? seed_demo(program) : seed_basics(program); });

    auto* check = cli.add_subcommand("check", "Compare the models with the database's tables");
    auto sql = std::make_shared<bool>(false);
    auto deploy = std::make_shared<bool>(false);
    check->add_flag("--sql", *sql, "draft the migration that is missing");
    check->add_flag("--deploy", *deploy, "refuse settings that are unsafe in production");
    check->callback(
        [&, sql, deploy] { code = *deploy ? check_deployment(program) : check_schema(program, *sql); });
}

void add_option(CLI::App& cli, const Command::Option& option, const std::shared_ptr<Values>& values) {
    const std::string name = option.positional ? option.name : "--" + option.name;
    const auto keep = [values, key = option.name](const std::string& value) { (*values)[key] = value; };
    if (option.flag) {
        cli.add_flag_callback(
            name, [keep] { keep("true"); }, option.help);
        return;
    }
    auto* added = cli.add_option_function<std::string>(name, keep, option.help);
    if (option.required) added->required();
}

/// What the second words of a group are: "list, show, retry".
std::string words_of_group(const Registry& registry, const std::string& group) {
    std::string words;
    for (const App& app : registry.apps())
        for (const Command& command : app.commands)
            if (command.name.starts_with(group + " "))
                words += (words.empty() ? "" : ", ") + command.name.substr(group.size() + 1);
    return words;
}

/// Background work. The options without help are for the processes that a worker starts itself.
void add_background(CLI::App& cli, Program& program, int& code) {
    auto* worker = cli.add_subcommand("worker", "Run jobs");
    auto watched = std::make_shared<bool>(false);
    auto beat = std::make_shared<bool>(false);
    auto job = std::make_shared<std::string>();
    auto token = std::make_shared<std::string>();
    worker->add_flag("--beat", *beat, "make the jobs of schedules too");
    worker->add_flag("--watched", *watched)->group("");
    worker->add_option("--only", *job)->group("");
    worker->add_option("--token", *token)->group("");
    worker->callback([&, watched, beat, job, token] {
        if (!job->empty())
            code = jobs::run_only_job(program, *job, *token);
        else
            code = *watched ? jobs::run_watched_worker(program, *beat) : jobs::run_worker(program, *beat);
    });
    cli.add_subcommand("beat", "Make the jobs of schedules")->callback([&] {
        code = jobs::run_beat(program);
    });
}

/// The command line under which a command's name puts it; a group is made by the first that is in it.
CLI::App& place_of(CLI::App& cli, const Registry& registry, const Command& command,
                   std::map<std::string, CLI::App*>& groups) {
    const auto space = command.name.find(' ');
    if (space == std::string::npos) return *cli.add_subcommand(command.name, command.help);
    const std::string name = command.name.substr(0, space);
    CLI::App*& group = groups[name];
    if (group == nullptr) {
        group = cli.add_subcommand(name, "Commands: " + words_of_group(registry, name));
        group->require_subcommand(1);
    }
    return *group->add_subcommand(command.name.substr(space + 1), command.help);
}

/// Commands that the apps bring.
void add_app_commands(CLI::App& cli, Program& program, int& code) {
    std::map<std::string, CLI::App*> groups;
    for (const App& app : program.registry.apps()) {
        for (const Command& command : app.commands) {
            CLI::App& sub = place_of(cli, program.registry, command, groups);
            auto values = std::make_shared<Values>();
            for (const auto& option : command.options) add_option(sub, option, values);
            sub.callback(
                [&program, &code, &command, values] { code = command.run(program.sites.first(), *values); });
        }
    }
}

/// The names of the commands, as they are written behind `before`.
std::vector<std::string> names_in(const CLI::App& group, const std::string& before) {
    std::vector<std::string> names;
    for (const CLI::App* command : group.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(before + command->get_name());
    return names;
}

/// What is wrong with the words that name the command; nothing where they name one, or where an option comes
/// first.
std::string fault_of(const CLI::App& cli, const std::vector<std::string>& words) {
    const CLI::App* place = &cli;
    std::string before;
    for (const std::string& word : words) {
        const auto known = names_in(*place, before);
        if (known.empty() || word.starts_with('-')) return {};
        if (std::string fault = unknown_word("command", before + word, known); !fault.empty()) return fault;
        place = place->get_subcommand(word);
        before += word + " ";
    }
    return {};
}

}  // namespace

bool asks_for_version(const std::vector<std::string>& words) {
    return words == std::vector<std::string>{"--version"};
}

int print_version() {
    std::puts("tamiti " TAMITI_VERSION);
    return 0;
}

int run_command(Program& program, const std::vector<std::string>& words) {
    CLI::App cli("Tamiti Studio: the operations system of creative studios.", "tamiti");
    cli.set_version_flag("--version", "tamiti " TAMITI_VERSION);
    cli.require_subcommand(1);
    int code = 0;
    add_running(cli, program, code);
    add_background(cli, program, code);
    add_printing(cli, program, code);
    add_app_commands(cli, program, code);
    if (const std::string fault = fault_of(cli, words); !fault.empty()) return command_refused(fault);
    try {
        cli.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // it takes them from the end
    } catch (const CLI::ParseError& error) {
        return cli.exit(error);
    }
    return code;
}

}  // namespace tamiti
