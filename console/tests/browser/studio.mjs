/** The real program on a PostgreSQL and Redis of its own. Who called has set TAMITI_BIN and TAMITI_STATE_DIR, and stops the servers. */
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const password = 'studio-demo-2026';
const state = process.env.TAMITI_STATE_DIR;

// One browser asks as quickly as many people; what limits that is proven elsewhere.
const unlimited = Object.fromEntries(['ANONYMOUS', 'USER', 'TOKEN', 'BURST'].map((name) => [`TAMITI_RATE_${name}`, '100000000']));

/** Both servers; what the program needs to find them. */
export async function startServers() {
  const script = 'source "$0/tools/servers.sh"; servers_start "$1" --fast >&2; printf "%s\\n" "$DATABASE_URL" "$DATABASE_OWNER_URL" "$REDIS_URL"';
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script, root, state]);
  const [url, ownerUrl, redis] = stdout.trim().split('\n');
  return { url, ownerUrl, redis };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

export class Studio {
  /** A studio in a database of its own: the demo studio, or what `begin` makes of a new one. */
  static async start(servers, { name = 'tamiti', settings = {}, begin = (studio) => studio.command('seed', '--demo') } = {}) {
    const studio = new Studio();
    const within = (url) => url.replace('/tamiti?', `/${name}?`);
    if (name !== 'tamiti') await run('psql', ['-XAtq', servers.ownerUrl.replace('/tamiti?', '/postgres?'), '-c', `CREATE DATABASE ${name}`]);
    const [port, opsPort] = [await freePort(), await freePort()];
    studio.ownerUrl = within(servers.ownerUrl);
    studio.address = `http://127.0.0.1:${port}`;
    studio.logFile = join(state, `${name}.log`);
    studio.log = openSync(studio.logFile, 'w');
    const others = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('TAMITI_')));
    studio.environment = {
      ...others, ...unlimited, DATABASE_URL: within(servers.url), DATABASE_OWNER_URL: studio.ownerUrl, REDIS_URL: servers.redis,
      TAMITI_ENV: 'dev', TAMITI_HTTP_ADDRESS: '127.0.0.1', TAMITI_HTTP_PORT: String(port), TAMITI_OPS_PORT: String(opsPort),
      TAMITI_STATE_DIR: state, TAMITI_STATIC_DIR: join(root, 'build/share'), ...settings,
    };
    await studio.command('migrate');
    await begin(studio);
    studio.process = spawn(process.env.TAMITI_BIN, ['run'], { env: studio.environment, stdio: ['ignore', studio.log, studio.log] });
    await studio.untilReady(`http://127.0.0.1:${opsPort}/health/ready`);
    return studio;
  }

  async command(...words) {
    try {
      await run(process.env.TAMITI_BIN, words, { env: this.environment });
    } catch (fault) {
      throw new Error(`tamiti ${words[0]} failed: ${fault.stderr || fault.message}`);
    }
  }

  async untilReady(address) {
    for (let tries = 0; tries < 400; tries++) {
      if (this.process.exitCode !== null) break;
      const answer = await fetch(address).catch(() => null);
      if (answer?.ok) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`the program did not become ready; its log is ${this.logFile}`);
  }

  /** Runs SQL as the owner of the tables; answers what it printed. */
  async sql(statement) {
    const { stdout } = await run('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', this.ownerUrl, '-c', statement], { maxBuffer: 1 << 26 });
    return stdout.trim();
  }

  async stop() {
    if (this.process.exitCode === null) {
      const ended = new Promise((wake) => this.process.once('exit', wake));
      this.process.kill('SIGTERM');
      await ended;
    }
    closeSync(this.log);
  }
}
