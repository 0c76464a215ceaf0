#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/api/router.hpp"
#include "core/http/message.hpp"
#include "core/program/app.hpp"
#include "core/site/site.hpp"

namespace tamiti::http {

/// The way of a request from its bytes to its answer: site by Host, route, sign-in, decode, transaction,
/// verb, commit, encode, one log line. One chain, read from top to bottom in pipeline.cpp.
class Pipeline {
public:
    /// All three must outlive it.
    Pipeline(const Settings& settings, const Registry& registry, const Sites& sites);

    /// Answers one request. Never throws: what isn't a Problem is logged with the request id and answered 500
    /// without detail.
    Response serve(const Request& request) const;

    const Router& router() const { return router_; }

private:
    struct Visit;
    void answer(Visit& visit) const;
    void answer_api(Visit& visit, const std::vector<std::string>& segments) const;
    void sign_in(Visit& visit) const;
    void throttle(Visit& visit) const;
    void run(Visit& visit, const Operation& operation, std::vector<Uuid>& ids) const;
    void answer_options(Visit& visit, const Match& match) const;
    void allow_origin(const Request& request, Response& response) const;
    void refuse(Visit& visit, const Problem& problem) const;
    void record(const Visit& visit) const;

    const Settings& settings_;
    const Registry& registry_;
    const Sites& sites_;
    Router router_;
    std::vector<std::string> cors_origins_{};
    std::vector<int> metrics_{};  ///< of each operation, by its position in the router
    std::string schema_{};        ///< the OpenAPI document
};

}  // namespace tamiti::http
