/** Requests of own screens by their names, `POST /operations/jobs/{id}/retry`: the compiler holds them to the API's document. */
import { call, type Method, type Query } from './api';
import type { Submission } from './outbox';
import { answerQuery } from './queries';
import type { Requests } from './schema';

export type { Schemas } from './schema';
export type Name = keyof Requests;
export type AnswerOf<N extends Name> = Requests[N]['answer'];
export type QueryOf<N extends Name> = Requests[N] extends { query: infer Q } ? Q : never;

/** What a request takes; the query may always be left out. */
type Taken<N extends Name> = Omit<Requests[N], 'answer' | 'query'> & { query?: QueryOf<N> };
/** Nothing needs to be said where nothing must. */
type Given<N extends Name> = Record<never, never> extends Taken<N> ? [taken?: Taken<N>] : [taken: Taken<N>];

interface Parts {
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
}

/** Method and path of a request, with what stands in the path's places. */
export function addressOf(name: string, places: Record<string, string> = {}): { method: Method; path: string } {
  const [method, pattern] = name.split(' ') as [Method, string];
  return { method, path: pattern.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(places[place] ?? '')) };
}

/** The answer's data. Throws a `Problem`. */
export function ask<N extends Name>(name: N, ...[taken]: Given<N>): Promise<AnswerOf<N>> {
  const { path: places, ...rest } = (taken ?? {}) as Parts;
  const { method, path } = addressOf(name, places);
  return call<AnswerOf<N>>(method, path, rest);
}

/** Options of `createQuery` for what a GET answers. */
export function asked<N extends Name & `GET ${string}`>(name: N, taken: Taken<N> | null = null, options: { keep?: boolean } = {}) {
  const { path: places, query = {} } = (taken ?? {}) as Parts;
  return answerQuery<AnswerOf<N>>(addressOf(name, places).path, query, options);
}

/** The place where older ones begin, of an address to them; undefined where there are none. */
export function cursorOf(next: string | null): string | undefined {
  return (next && new URL(next, 'http://studio').searchParams.get('cursor')) || undefined;
}

/** Options of `createInfiniteQuery` for what comes page by page, each with the address of the next; never kept in the browser. */
export function pagesOf<N extends Name & `GET ${string}`>(name: N, query: QueryOf<N>) {
  const { path } = addressOf(name);
  return {
    queryKey: [path, 'pages', query],
    queryFn: ({ pageParam, signal }: { pageParam: string; signal: AbortSignal }) =>
      call<AnswerOf<N>>('GET', path, { query: { ...(query as Query), ...(pageParam ? { cursor: pageParam } : {}) }, signal }),
    initialPageParam: '',
    getNextPageParam: (last: AnswerOf<N>) => cursorOf((last as { next: string | null }).next),
    meta: { keep: false },
  };
}

/** The beginning of a change for `submit`: `submit({ ...verb('POST /tags/merge', { body }), done: t.merged })`. */
export function verb<N extends Exclude<Name, `GET ${string}`>>(name: N, ...[taken]: Given<N>): Submission<AnswerOf<N>> {
  const { path: places, body } = (taken ?? {}) as Parts;
  return { ...(addressOf(name, places) as { method: Exclude<Method, 'GET'>; path: string }), ...(body === undefined ? {} : { body }) };
}
