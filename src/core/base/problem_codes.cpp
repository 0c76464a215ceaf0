#include "core/base/problem_codes.hpp"

namespace tamiti {
namespace {

struct Row {
    const char* code;
    int status;
    const char* meaning;
};

constexpr Row rows[] = {
    {"http.ambiguous_length", 400,
     "The head states the length of the body in two ways, or in one that parsers read differently."},
    {"http.bad_cursor", 400, "The cursor is not one that this list gave, or not for this ordering."},
    {"http.bad_etag", 400, "If-Match is not an ETag of a row."},
    {"http.bad_filter", 400, "A filter has a value that can't be used."},
    {"http.bad_idempotency_key", 400,
     "Idempotency-Key is not one text of 1 to 255 printable ASCII characters."},
    {"http.bad_parameter", 400, "A parameter is unknown, given twice or has a value that can't be used."},
    {"http.malformed_chunk", 400, "The body's chunks are not of the right form."},
    {"http.malformed_head", 400, "The request's head is not of the right form."},
    {"http.malformed_host", 400, "There is not exactly one Host of the right form."},
    {"http.malformed_json", 400, "The body is not JSON of the right form; the sentence says where."},
    {"http.malformed_query", 400, "The query of the address is not of the right form."},
    {"http.malformed_target", 400, "The address is not of the right form."},
    {"http.too_many_filters", 400, "A list takes at most 20 filters at once."},
    {"http.unknown_expand", 400, "`expand` names something that can't be embedded."},
    {"http.unknown_field", 400, "The body has fields that don't exist, or that the program alone sets."},
    {"http.unknown_fields", 400, "`fields` names a field that doesn't exist."},
    {"http.unknown_filter", 400, "There is no such filter; the sentence lists those which exist."},
    {"auth.invalid_token", 401, "The access token is malformed, expired, revoked or not ours."},
    {"auth.sign_in", 401, "The request needs an access token and has none."},
    {"access.denied", 403, "You are known and may see this, but not do it."},
    {"access.field", 403, "The body sets fields that you may not set."},
    {"auth.csrf", 403,
     "A cookie signed the request, but it lacks the proof that a page of the site made it "
     "(X-CSRF-Token)."},
    {"auth.second_factor_required", 403,
     "Your role asks for a second factor; set one up before anything else."},
    {"auth.token_scope", 403,
     "The access token lacks the grant that the sentence names, or no token may do this."},
    {"auth.view_only", 403, "Whoever looks as somebody else may read and nothing more."},
    {"http.not_found", 404, "There is nothing here, or nothing that you may see."},
    {"http.method", 405,
     "The address exists but doesn't take that method; Allow lists those which it takes."},
    {"http.timeout", 408, "The request did not arrive in time."},
    {"conflict", 409, "This clashes with something that exists already."},
    {"conflict.reference", 409,
     "Something that this refers to is gone, or something else still refers to this."},
    {"data.id_taken", 409, "Another row has the id that you sent."},
    {"data.in_trash", 409, "What the row belongs to is in the trash; restore that first."},
    {"data.reference", 409,
     "A row that others refer to can't be removed, and one can't refer to a row that is gone."},
    {"data.taken", 409, "Another row has this value, which must be unique."},
    {"http.answer_lost", 409,
     "The request was done before, but its answer can't be read any more; look at what it made."},
    {"http.request_running", 409,
     "A request with this Idempotency-Key is being worked on; Retry-After says when to try again."},
    {"http.changed_meanwhile", 412,
     "The row has changed since the ETag that you sent; `current` is the row as it is."},
    {"http.body_too_large", 413, "The body is larger than the server takes."},
    {"http.target_too_long", 414, "The address is longer than the server takes."},
    {"http.media_type", 415, "The body is not application/json, or is compressed."},
    {"http.unknown_expectation", 417, "Expect has something other than 100-continue."},
    {"http.unknown_host", 421, "No site of this server has that host name."},
    {"http.invalid", 422, "Some values are not valid; `errors` has every one."},
    {"invalid", 422, "A value breaks a rule of the record, or can't be stored."},
    {"http.too_much_written", 429, "The person has written as much within an hour as their role may."},
    {"http.too_many_requests", 429,
     "That was asked too often; Retry-After says when to try again, RateLimit what is left."},
    {"http.key_reused", 422, "The Idempotency-Key was sent before with another body."},
    {"http.bulk_refused", 422,
     "Operations of a bulk were refused, so none was done; `errors` says which and why."},
    {"http.export_too_large", 422,
     "An export would have more rows than one may have; narrow it with filters."},
    {"http.head_too_large", 431, "The head has more headers or more bytes than the server takes."},
    {"http.internal", 500, "A fault of the server's own; it was recorded under the request's id."},
    {"server.error", 500, "A fault of the server's own; it was recorded under the request's id."},
    {"http.unknown_method", 501, "The server doesn't know the method."},
    {"database.busy", 503, "The database is at its limit; Retry-After says when to try again."},
    {"database.timeout", 503, "The database took too long; ask for less, or try again."},
    {"database.unreachable", 503, "The database is away; Retry-After says when to try again."},
    {"http.export_too_slow", 503, "Making the file took longer than five minutes: narrow it with filters."},
    {"http.exports_busy", 503, "As many exports run as may at once; Retry-After says when to try again."},
    {"http.overloaded", 503, "The server is at its limit; Retry-After says when to try again."},
    {"http.too_many_connections", 503,
     "There are too many connections, from everywhere or from one address."},
    {"http.uploads_busy", 503, "As many files are on their way as may at once, or as many of one person."},
    {"server.not_ready", 503, "The server is starting or stopping, or its database is away."},
    {"http.unknown_version", 505, "The server speaks HTTP/1.1 and HTTP/1.0."},
    {"http.storage_full", 507, "There is no room on the server to make the file that was asked for."},
    {"database.full", 503, "The storage is full, so nothing was saved."},
};

}  // namespace

const std::vector<ProblemKind>& core_problems() {
    static const std::vector<ProblemKind> problems = [] {
        std::vector<ProblemKind> made;
        for (const Row& row : rows) made.push_back({row.code, row.status, row.meaning});
        return made;
    }();
    return problems;
}

}  // namespace tamiti
