// What llhttp, the parser inside Node, reads in a message: input and output as in framing_reader.cpp. Bytes are fed one by
// one, since the parser does not say where a message ended.
const { HTTPParser } = process.binding("http_parser");

function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}

function read(message) {
    const parser = new HTTPParser();
    parser.initialize(HTTPParser.REQUEST, {});
    const body = [];
    let done = false;
    parser[HTTPParser.kOnHeaders] = () => {};
    parser[HTTPParser.kOnHeadersComplete] = () => 0;
    parser[HTTPParser.kOnBody] = (piece) => { body.push(Buffer.from(piece)); };
    parser[HTTPParser.kOnMessageComplete] = () => { done = true; };
    for (let at = 0; at < message.length; ++at) {
        const failed = parser.execute(Buffer.from(message.subarray(at, at + 1))) instanceof Error;
        if (done) {
            const whole = Buffer.concat(body);
            return `done ${whole.length} ${crc32(whole)} ${at + 1}`;
        }
        if (failed) return "refused";
    }
    return "more";
}

const input = require("node:fs").readFileSync(0);
const lines = [];
for (let at = 0; at < input.length;) {
    const size = input.readUInt32LE(at);
    lines.push(read(input.subarray(at + 4, at + 4 + size)));
    at += 4 + size;
}
process.stdout.write(lines.join("\n") + "\n");
