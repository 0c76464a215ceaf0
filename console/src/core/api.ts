/** Requests to the studio: cookies, the CSRF token, one refresh of an access that ran out, problems as exceptions. */
import { Problem, networkProblem, problemOf } from './problem';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];
export type Query = Record<string, QueryValue>;

export interface CallOptions {
  query?: Query;
  /** JSON, or a form or file that goes as it is. */
  body?: unknown;
  /** The tag of the row as it was read: who was faster gets 412. */
  ifMatch?: string;
  /** One for each intention: however often it is sent, it has its effect once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** An answer of 401 is the caller's to read: signing in itself, and what is asked before anybody has. */
  anonymous?: boolean;
  headers?: Record<string, string>;
}

export interface Answer<T> {
  data: T;
  status: number;
  etag: string;
  headers: Headers;
}

const base = '/api/v1';

/** What to do when a session has ended: resolves with true once somebody has signed in again. */
let askToSignIn: () => Promise<boolean> = () => Promise.resolve(false);
export function onSignedOut(ask: () => Promise<boolean>): void {
  askToSignIn = ask;
}

/** Who is looked as instead of asking by one's cookies; its token is kept nowhere but here, so that a reload ends it. */
let view: { token: string; end: () => void } | null = null;

/** From now on requests read as that token's person does; `end` hears that the token holds no more. Null asks as oneself again. */
export function askAs(next: { token: string; end: () => void } | null): void {
  view = next;
}

/** What says who asks. */
export function credentials(method: string): Record<string, string> {
  if (view) return { Authorization: `Bearer ${view.token}` };
  return method === 'GET' ? {} : { 'X-CSRF-Token': csrfToken() };
}

/** The answer's data; `call<Row>('PATCH', '/projects/…', {body, ifMatch})`. Throws a `Problem`. */
export async function call<T = unknown>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  return (await request<T>(method, path, options)).data;
}

/** The same with status, tag and headers. */
export async function request<T = unknown>(method: Method, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const response = await open(method, path, options);
  return {
    data: (await dataOf(response)) as T,
    status: response.status,
    etag: response.headers.get('ETag') ?? '',
    headers: response.headers,
  };
}

/** The same before anything of its body is read, for files that tell how far they are. */
export async function open(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
  const asked = view;
  let response = await send(method, path, options);
  if (response.status === 401 && !options.anonymous) {
    if (asked) {
      if (asked === view) asked.end();
      throw new Problem(403, 'auth.view_over', 'The view has ended', 'You look as yourself again.');
    }
    if ((await refresh()) || (await askToSignIn())) response = await send(method, path, options);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The address of a request with its query, for links to files: `address('/projects', {format: 'csv'})`. */
export function address(path: string, query: Query = {}): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    parts.append(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = parts.toString();
  return base + path + (text ? `?${text}` : '');
}

/** A path of the API in an answer (`/api/v1/projects/…`) as this module takes it. */
export function pathOf(link: string): string {
  return link.startsWith(base) ? link.slice(base.length) : link;
}

/** The token that the studio gave with the cookies; empty for who has not signed in. */
export function csrfToken(cookies = document.cookie): string {
  return /(?:^|; )(?:__Host-)?tamiti_csrf=([^;]*)/.exec(cookies)?.[1] ?? '';
}

async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData || options.body instanceof Blob) body = options.body;
  else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  for (const [name, value] of Object.entries(credentials(method))) headers[name] ??= value;
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (fault) {
    if (options.signal?.aborted) throw fault;
    throw networkProblem();
  }
}

async function dataOf(response: Response): Promise<unknown> {
  if (response.status === 204 || response.status === 304) return undefined;
  const type = response.headers.get('Content-Type') ?? '';
  try {
    if (/json/.test(type)) return await response.json();
    if (/^text\//.test(type)) return await response.text();
    return await response.blob();
  } catch {
    throw networkProblem();
  }
}

let refreshing: Promise<boolean> | null = null;

/** The next cookies; false where the session has ended. One at a time, in all windows of the browser. */
export function refresh(): Promise<boolean> {
  if (view) return Promise.resolve(false);
  refreshing ??= inTurn(async () => {
    const response = await send('POST', '/auth/cookie/refresh', {});
    if (response.ok) return true;
    if (response.status === 401 || response.status === 403) return false;
    throw await problemOf(response);
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request('tamiti-refresh', work) : await work();
}

export { Problem };
