// Runs COUNT empty jobs that wait in graphile-worker's tables, CONCURRENCY at a time, and prints how many a second it did,
// from the first begun to the last ended.   node _graphile.js FOLDER URL CONCURRENCY COUNT
const [folder, url, concurrency, count] = process.argv.slice(2);
const { run, Logger } = require(require.resolve("graphile-worker", { paths: [folder] }));

async function main() {
    let left = Number(count);
    let began, runner, ready;
    const all = new Promise((resolve) => { ready = resolve; });
    runner = await run({
        connectionString: url,
        concurrency: Number(concurrency),
        maxPoolSize: Number(concurrency) + 2,
        noHandleSignals: true,
        logger: new Logger(() => () => {}),
        taskList: {
            nothing: async () => {
                began ??= process.hrtime.bigint();
                if (--left === 0) ready(process.hrtime.bigint());
            },
        },
    });
    const ended = await all;
    console.log((Number(count) * 1e9 / Number(ended - began)).toFixed(1));
    await runner.stop();
}

main().then(() => process.exit(0), (error) => {
    console.error(error);
    process.exit(1);
});
