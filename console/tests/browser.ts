/** The few things of a browser that the core asks for, for tests that run without one. */
export function storage(): Storage {
  const kept = new Map<string, string>();
  const api = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      kept.set(key, value);
      Object.defineProperty(api, key, { value, enumerable: true, configurable: true });
    },
    removeItem: (key: string) => {
      kept.delete(key);
      Reflect.deleteProperty(api, key);
    },
  };
  return api as unknown as Storage;
}

export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Stands in for the studio: answers in turn, and tells what was sent. */
export function studio(answers: (Response | Error | ((sent: Sent) => Response))[]): { sent: Sent[]; fetch: typeof globalThis.fetch } {
  const sent: Sent[] = [];
  const answerTo = async (path: unknown, options: RequestInit = {}) => {
    const one = {
      method: options.method ?? 'GET',
      path: String(path),
      headers: options.headers as Record<string, string>,
      body: typeof options.body === 'string' ? JSON.parse(options.body) : options.body,
    };
    sent.push(one);
    const answer = answers[sent.length - 1];
    if (!answer) throw new Error(`nothing was to be sent any more, but ${one.method} ${one.path} was`);
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(one) : answer;
  };
  return { sent, fetch: answerTo as typeof globalThis.fetch };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'Content-Type': type, ...headers } });
}
