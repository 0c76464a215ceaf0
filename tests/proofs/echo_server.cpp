// A bare server around core/http for the proofs: answers each request with what it understood, and nothing
// else.
//   echo_server PORT [THREADS]     ends when its standard input ends
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "core/http/server.hpp"

namespace {

tamiti::http::Response echo(const tamiti::http::Request& request) {
    tamiti::http::Response response;
    response.content_type = "text/plain";
    if (request.path == "/empty") return response;
    response.body.append(name_of(request.method)).append(" ").append(request.path);
    response.body.append(" ").append(std::to_string(request.body.size()));
    return response;
}

}  // namespace

int main(int argc, char** argv) try {
    tamiti::http::ServerSettings settings;
    if (argc > 1) settings.port = static_cast<unsigned short>(std::atoi(argv[1]));
    if (argc > 2) settings.threads = static_cast<unsigned>(std::atoi(argv[2]));
    settings.head_timeout = std::chrono::seconds(5);
    tamiti::http::Server server(settings, echo);
    server.start();
    std::cout << server.port() << std::endl;
    std::string ignored;
    while (std::getline(std::cin, ignored)) continue;
    server.stop();
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
