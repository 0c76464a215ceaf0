#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/router.hpp"
#include "core/http/intake.hpp"
#include "core/http/message.hpp"
#include "core/site/site.hpp"

namespace tamiti::api {

/// What is served: the operations under /api/v1, who asks for them, and what stands at other addresses. What
/// the operations lead to must outlive it.
struct Api {
    std::vector<Operation> operations{};

    /// Finds out who asks; nothing for a request without credentials, a Problem (401) for bad ones.
    std::function<std::optional<Actor>(Site&, const http::Request&)> authenticate{};

    /// A page at an address outside of /api/v1, given as the segments of its path, for GET and HEAD; nothing
    /// where there is none.
    std::function<std::optional<http::Response>(Site&, const http::Request&,
                                                const std::vector<std::string>& segments)>
        page{};
};

/// The way of a request from its bytes to its answer: site by Host, route, sign-in, decode, transaction,
/// verb, commit, encode, one log line. One chain, read from top to bottom in pipeline.cpp.
class Pipeline {
public:
    /// Settings and sites must outlive it.
    Pipeline(const Settings& settings, const Sites& sites, Api api);

    /// Answers one request. Never throws: what isn't a Problem is logged with the request id and answered 500
    /// without detail.
    http::Response serve(const http::Request& request) const;

    /// Whether the body of such a request goes to a file.
    bool takes_file(const http::Request& head) const;

    /// Looks at the head of a request with a long body, or one that goes to a file, before the body is read:
    /// whether there is such an operation, whether whoever asks may call it, how large the file is, and what
    /// the route looks at before. Nobody who isn't signed in sends a long body. It counts as a request of its
    /// own in the limits. Never throws.
    http::Screening screen(const http::Request& head) const;

    const Router& router() const { return router_; }

private:
    struct Visit;
    bool attempt(Visit& visit, const std::function<void()>& work) const;
    void answer(Visit& visit) const;
    std::size_t check_head(Visit& visit) const;
    std::size_t check_file(Visit& visit, Match& match) const;
    std::vector<std::string>& open(Visit& visit) const;
    Match find(Visit& visit, const std::vector<std::string>& segments) const;
    void answer_api(Visit& visit, const std::vector<std::string>& segments) const;
    void sign_in(Visit& visit) const;
    void throttle(Visit& visit) const;
    void run(Visit& visit, const Operation& operation, Match& match) const;
    void answer_options(Visit& visit, const Match& match) const;
    void allow_origin(const http::Request& request, http::Response& response) const;
    void refuse(Visit& visit, const Problem& problem) const;
    void record(const Visit& visit) const;

    const Sites& sites_;
    Api api_;
    Router router_;
    bool tells_times_;
    std::vector<std::string> cors_origins_{};
    std::vector<int> metrics_{};  ///< of each operation, by its position in the router
};

}  // namespace tamiti::api
