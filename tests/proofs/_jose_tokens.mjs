// Makes tokens with jose, an implementation of JWT that has nothing to do with ours: some good, hundreds hostile. Input is one
// JSON object on standard input (keys, issuer, audience, ids, the time), output one JSON object a line: {name, token, good}.
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const jose = await import(pathToFileURL(`${process.argv[2]}/node_modules/jose/dist/webapi/index.js`).href);
const given = JSON.parse(readFileSync(0, "utf8"));
const key = Buffer.from(given.key, "hex");
const previous = Buffer.from(given.previous.key, "hex");
const header = { alg: "HS256", kid: given.kid, typ: "at+jwt" };
const claims = {
    iss: given.issuer, aud: given.audience, sub: given.user, sid: given.session, jti: given.jti,
    iat: given.now, nbf: given.now, exp: given.now + 900,
};

const out = [];
const emit = (good) => (name, token) => out.push({ name, token, good });
const good = emit(true);
const bad = emit(false);
const b64 = (data) => Buffer.from(data).toString("base64url");
const hmac = (text, secret = key, hash = "sha256") => createHmac(hash, secret).update(text).digest("base64url");
// Bytes of our choice for head and claims, signed as the program would: for what jose rightly refuses to write.
const raw = (head, body, secret = key) => { const text = `${b64(head)}.${b64(body)}`; return `${text}.${hmac(text, secret)}`; };
const sign = (payload, head = header, secret = key) =>
    new jose.CompactSign(Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload))).setProtectedHeader(head).sign(secret, { crit: { exp: true, x: true } });
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));

async function controls() {
    good("as the program makes it", await new jose.SignJWT(claims).setProtectedHeader(header).sign(key));
    good("members in another order", await sign(Object.fromEntries(Object.entries(claims).reverse()), { typ: "at+jwt", kid: given.kid, alg: "HS256" }));
    good("a claim more", await sign({ ...claims, scope: "anything", extra: { deep: [1, 2, 3] } }));
    good("issued by a clock that is ahead", await sign({ ...claims, iat: given.now + 20, nbf: given.now + 20 }));
    good("ending soon", await sign({ ...claims, exp: given.now + 60 }));
    good("with blanks", raw(JSON.stringify(header, null, 1), JSON.stringify(claims, null, 1)));
    good("with escapes", raw(JSON.stringify(header).replace("HS256", "\\u0048S256"), JSON.stringify(claims)));
    good("of the key before", await sign(claims, { ...header, kid: given.previous.kid }, previous));
    good("of another jti", await sign({ ...claims, jti: crypto.randomUUID() }));
    good("long but within bounds", await sign({ ...claims, pad: "x".repeat(5000) }));
}

async function algorithms() {
    for (const alg of ["none", "None", "NONE", "nOnE", "", "HS256 ", "hs256", "Hs256", "HMAC", "HS-256", "SHA256"]) {
        const head = JSON.stringify({ ...header, alg });
        bad(`alg "${alg}" without signature`, `${b64(head)}.${b64(JSON.stringify(claims))}.`);
        bad(`alg "${alg}" with a right signature`, raw(head, JSON.stringify(claims)));
    }
    bad("unsecured by jose", new jose.UnsecuredJWT(claims).encode());
    for (const alg of ["HS384", "HS512"]) bad(alg, await sign(claims, { ...header, alg }, Buffer.concat([key, key])));
    for (const alg of ["HS384", "HS512"]) bad(`${alg} named, HS256 done`, raw(JSON.stringify({ ...header, alg }), JSON.stringify(claims)));
    for (const hash of ["sha1", "sha384", "sha512", "md5"]) {
        const text = `${b64(JSON.stringify(header))}.${b64(JSON.stringify(claims))}`;
        bad(`HS256 named, ${hash} done`, `${text}.${hmac(text, key, hash)}`);
        bad(`HS256 named, ${hash} cut to size`, `${text}.${Buffer.from(hmac(text, key, hash), "base64url").subarray(0, 32).toString("base64url")}`);
    }
    for (const alg of ["RS256", "RS384", "RS512", "PS256", "PS512", "ES256", "ES384", "ES512", "EdDSA"]) {
        const pair = await jose.generateKeyPair(alg, { extractable: true });
        bad(`${alg} of a key of its own`, await sign(claims, { ...header, alg }, pair.privateKey));
        const jwk = await jose.exportJWK(pair.publicKey);
        bad(`${alg} with the key in its head`, await sign(claims, { ...header, alg, jwk }, pair.privateKey));
        bad(`${alg}, public key as HMAC secret`, await sign(claims, header, Buffer.from(await jose.exportSPKI(pair.publicKey))));
    }
    for (const value of [null, 0, true, ["HS256"], { alg: "HS256" }])
        bad(`alg ${JSON.stringify(value)}`, raw(JSON.stringify({ ...header, alg: value }), JSON.stringify(claims)));
    bad("no alg", raw(JSON.stringify(without(header, "alg")), JSON.stringify(claims)));
}

async function keys() {
    const kids = ["", " ", "../../../../dev/null", "/dev/null", "/etc/passwd", "..\\..\\x", "file:///dev/null", "https://evil.example/key",
        "' OR '1'='1", "' UNION SELECT 'a", "\"; DROP TABLE users_user; --", "1; SELECT pg_sleep(5)", "$(sleep 5)", "`id`", "| id", "%00", "\u0000",
        `${given.kid}\u0000`, `${given.kid} `, ` ${given.kid}`, given.kid.toUpperCase() + "A", given.kid.slice(0, -1), `${given.kid},${given.previous.kid}`,
        "*", "0", "-1", "null", "undefined", "__proto__", "x".repeat(4000), "\ud83d\ude00", "\n"];
    for (const kid of kids) {
        bad(`kid ${JSON.stringify(kid).slice(0, 60)}`, await sign(claims, { ...header, kid }));
        if (kid.length < 100) bad(`kid ${JSON.stringify(kid)}, signed with it`, raw(JSON.stringify({ ...header, kid }), JSON.stringify(claims), kid || "x"));
    }
    for (const kid of [null, 0, [given.kid], { kid: given.kid }]) bad(`kid ${JSON.stringify(kid)}`, raw(JSON.stringify({ ...header, kid }), JSON.stringify(claims)));
    bad("no kid", await sign(claims, without(header, "kid")));
    bad("kid of the other key", await sign(claims, { ...header, kid: given.previous.kid }));
    bad("the key before, kid of this one", await sign(claims, header, previous));
    const secrets = { random: randomBytes(32), zeros: Buffer.alloc(32), text: given.secret, word: "secret", hex: given.key, ...given.other_keys };
    for (const [name, secret] of Object.entries(secrets))
        bad(`signed with ${name}`, raw(JSON.stringify(header), JSON.stringify(claims), name in given.other_keys ? Buffer.from(secret, "hex") : secret));
    bad("signed with nothing", raw(JSON.stringify(header), JSON.stringify(claims), ""));
}

async function heads() {
    const pair = await jose.generateKeyPair("ES256", { extractable: true });
    const jwk = { kty: "oct", k: b64("secret"), kid: given.kid };
    const more = {
        jku: "https://evil.example/jwks.json", x5u: "https://evil.example/cert", jwk, x5c: ["MIIB"], x5t: "AAAA", "x5t#S256": "AAAA", cty: "JWT",
        zip: "DEF", enc: "A256GCM", apu: "AAAA", p2s: "AAAA", p2c: 2147483647, epk: await jose.exportJWK(pair.publicKey), b64: false,
        crit: ["exp"], ppt: "shaken", nonce: "x", url: "https://evil.example", iss: given.issuer, exp: given.now + 900, admin: true,
    };
    for (const [name, value] of Object.entries(more)) {
        bad(`${name} in the head`, raw(JSON.stringify({ ...header, [name]: value }), JSON.stringify(claims)));
        bad(`${name} in the head, another key`, raw(JSON.stringify({ ...header, [name]: value }), JSON.stringify(claims), "secret"));
    }
    bad("crit by jose", await sign(claims, { ...header, crit: ["exp"], exp: given.now + 900 }));
    for (const crit of [[], "exp", [""], ["alg"], ["b64"], ["exp", "exp"], null, {}, ["http://example.invalid/x"]])
        bad(`crit ${JSON.stringify(crit)}`, raw(JSON.stringify({ ...header, crit }), JSON.stringify(claims)));
    bad("unencoded payload", await new jose.FlattenedSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader({ ...header, b64: false, crit: ["b64"] }).sign(key)
        .then((made) => `${made.protected}.${b64(JSON.stringify(claims))}.${made.signature}`));
    for (const typ of ["JWT", "jwt", "at+JWT", "AT+JWT", "application/at+jwt", "rt+jwt", "refresh", "JOSE", "", "at+jwt ", "dpop+jwt", "secevent+jwt", "logout+jwt"])
        bad(`typ "${typ}"`, await sign(claims, { ...header, typ }));
    for (const typ of [null, 1, ["at+jwt"]]) bad(`typ ${JSON.stringify(typ)}`, raw(JSON.stringify({ ...header, typ }), JSON.stringify(claims)));
    bad("no typ", await sign(claims, without(header, "typ")));
    const text = JSON.stringify(header);
    for (const [name, value] of [["alg", "none"], ["alg", "HS256"], ["kid", "x"], ["typ", "JWT"]]) {
        bad(`${name} twice, first ${value}`, raw(text.replace("{", `{"${name}":"${value}",`), JSON.stringify(claims)));
        bad(`${name} twice, last ${value}`, raw(text.replace("}", `,"${name}":"${value}"}`), JSON.stringify(claims)));
    }
    for (const head of ["", "{}", "[]", "null", "true", "1", `"HS256"`, `[${text}]`, `${text}${text}`, `${text},`, text.slice(0, -1), `\ufeff${text}`,
        "\ufffd", "{".repeat(3000), "[".repeat(3000), text.replace("HS256", "HS256\\u0000"), text.replaceAll("\"", "'")])
        bad(`head ${head.slice(0, 40)}`, raw(head, JSON.stringify(claims)));
}

async function contents() {
    const wrong = {
        iss: ["", "Tamiti", "tamiti ", "https://evil.example", given.audience, null, 0, [given.issuer], undefined],
        aud: ["", "*", `${given.audience}/`, given.audience.toUpperCase(), "https://evil.example", null, [given.audience], [given.audience, "x"], undefined],
        sub: ["", "admin", "0", "00000000-0000-0000-0000-000000000000", given.other_user, given.user.slice(0, -1), `${given.user} `, `{${given.user}}`, null, 1, [given.user],
            "' OR '1'='1", undefined],
        sid: ["", "00000000-0000-0000-0000-000000000000", given.other_session, given.ended_session, given.user, "' OR '1'='1", null, 1, [given.session], undefined],
        jti: ["", "x", "00000000-0000-0000-0000-000000000000", null, 1, undefined],
        exp: [given.now, given.now - 1, given.now - 900, 0, -1, 1e300, given.now + 900.5, String(given.now + 900), null, true, [given.now + 900], 99999999999999, undefined],
        nbf: [given.now + 90, given.now + 3600, 1e300, -1, "0", null, 0.5, undefined],
        iat: [given.now + 90, given.now + 3600, 1e300, -1, "0", null, 0.5, undefined],
        act: [null, {}, [], given.other_user, { sub: given.other_user }, { sub: given.user }, { sub: "admin" }, { sub: given.other_user, act: { sub: given.user } }],
    };
    for (const [name, values] of Object.entries(wrong))
        for (const value of values) bad(`${name} ${value === undefined ? "missing" : JSON.stringify(value)}`, await sign({ ...claims, [name]: value }));
    const text = JSON.stringify(claims);
    for (const [name, value] of Object.entries(claims)) {
        bad(`${name} twice alike`, await sign(text.replace("{", `{"${name}":${JSON.stringify(value)},`)));
        bad(`${name} twice, spelled with escapes`, await sign(text.replace("{", `{"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":${JSON.stringify(value)},`)));
    }
    for (const body of ["", "{}", "[]", "null", "1", `"x"`, `[${text}]`, `${text}${text}`, text.slice(0, -1), `\ufeff${text}`, "{".repeat(3000), "[".repeat(3000),
        text.replace("{", `{"a":1e999,`), text.replace("{", `{"a":"\\ud800",`), text.replaceAll("\"", "'"), `/**/${text}`])
        bad(`claims ${body.slice(0, 40)}`, await sign(body));
}

async function spellings() {
    const token = await sign(claims);
    const [head, body, signature] = token.split(".");
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const respelled = (part) => { // other last characters that decode to the same bytes
        const free = { 2: 4, 3: 2 }[part.length % 4];
        if (!free) return [];
        const last = alphabet.indexOf(part.at(-1));
        return [...Array(2 ** free).keys()].map((bits) => (last & ~(2 ** free - 1)) | bits).filter((index) => index !== last)
            .map((index) => part.slice(0, -1) + alphabet[index]);
    };
    for (const other of respelled(signature)) bad("signature spelled otherwise", `${head}.${body}.${other}`);
    for (const part of [JSON.stringify(header), `${JSON.stringify(header)} `, `${JSON.stringify(header)}  `])
        for (const other of respelled(b64(part))) { // signed over the other spelling
            const text = `${other}.${body}`;
            bad("head spelled otherwise", `${text}.${hmac(text)}`);
        }
    const standard = (text) => text.replaceAll("-", "+").replaceAll("_", "/");
    const pad = (text) => text + "=".repeat((4 - text.length % 4) % 4);
    for (const other of [pad(signature), `${signature}=`, `${signature}==`, `${signature}%3D`, `${signature}A`, `${signature}AAAA`, signature.slice(0, -1), signature.slice(4),
        `${signature.slice(0, 20)} ${signature.slice(20)}`, `${signature.slice(0, 20)}\t${signature.slice(20)}`, standard(`-_${signature.slice(2)}`), "", "A", "A".repeat(43),
        signature.split("").reverse().join(""), signature.toLowerCase(), Buffer.from(signature, "base64url").toString("hex")])
        bad(`signature ${other.slice(0, 30)}`, `${head}.${body}.${other}`);
    { const text = `${pad(b64(JSON.stringify(header) + " "))}.${body}`; bad("padded head, signed so", `${text}.${hmac(text)}`); }
    { const text = `${head}.${pad(b64(JSON.stringify(claims) + " "))}=`; bad("padded claims, signed so", `${text}.${hmac(text)}`); }
    for (const other of [`${token}.`, `.${token}`, `${token}..`, `${head}..${body}.${signature}`, `${head}.${body}`, `${head}.${body}.`, `.${body}.${signature}`, `..${signature}`,
        "..", ".", "...", `${token}.${token}`, `${token}${token}`, `${token} ${token}`, `${token},${token}`, `"${token}"`, `Bearer ${token}`, `${token};`, `${token}%20`,
        ".".repeat(7000), ".".repeat(8193), ".".repeat(9000), "A".repeat(9000), `${token}${"A".repeat(9000)}`, `${head}.${body}.${signature}${".".repeat(5000)}`,
        `${head}.${signature}.${body}`, `${body}.${head}.${signature}`, "null", "undefined", "[object Object]", "true", "0", "''", "{}"])
        bad(`text ${other.slice(0, 30)} (${other.length})`, other);
    for (let i = 0; i < token.length; i += 9) bad(`character ${i} changed`, token.slice(0, i) + (token[i] === "A" ? "B" : "A") + token.slice(i + 1));
    bad("a token in a token", await sign(token, { ...header, cty: "JWT" }));
    bad("a token as claims", await sign(token));
    bad("three tokens deep", await sign(await sign(await sign(token))));
    bad("encrypted, direct key", await new jose.EncryptJWT(claims).setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: given.kid, typ: "at+jwt" }).encrypt(key));
    bad("encrypted, wrapped key", await new jose.EncryptJWT(claims).setProtectedHeader({ alg: "A256KW", enc: "A256GCM", kid: given.kid }).encrypt(key));
    bad("signed, then encrypted", await new jose.CompactEncrypt(Buffer.from(token)).setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT" }).encrypt(key));
    const flat = await new jose.FlattenedSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(key);
    bad("JSON serialisation", JSON.stringify(flat));
    bad("unprotected head", JSON.stringify({ ...flat, header: { alg: "HS256" } }));
}

for (const make of [controls, algorithms, keys, heads, contents, spellings]) await make();
for (const each of out) console.log(JSON.stringify(each));
