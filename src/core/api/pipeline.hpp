#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/api/router.hpp"
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

    const Router& router() const { return router_; }

private:
    struct Visit;
    void answer(Visit& visit) const;
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
