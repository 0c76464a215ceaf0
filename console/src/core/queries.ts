/** Answers of the API, kept while they are shown and shown before they are asked anew. */
import { QueryClient, dehydrate, hydrate, type DehydratedState } from '@tanstack/svelte-query';
import { call, request, type Query } from './api';
import { Problem } from './problem';
import { clear, read, write } from './store';
import type { Row } from './meta';

const day = 24 * 60 * 60 * 1000;
const kept = 14 * day;

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: kept,
      networkMode: 'always',
      // Every part of an answer is told. By default only those are that a screen has read, and one that reads `data` later would find what was there before.
      notifyOnChangeProps: 'all',
      refetchOnWindowFocus: true,
      retry: (failures, fault) => failures < 2 && fault instanceof Problem && fault.isPassing && fault.status !== 429,
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000) * (0.75 + Math.random() / 2),
    },
    mutations: { networkMode: 'always' },
  },
});

export interface Page<T = Row> {
  count: number | null;
  count_exact?: boolean;
  next: string | null;
  previous: string | null;
  results: T[];
}

/** Rows with the tag that a change of them sends back. */
export interface Tagged<T = Row> {
  row: T;
  etag: string;
}

type Asked = { signal: AbortSignal };

/** Options of `createQuery` for a list: `listQuery('/projects', {status: 'active'})`. */
export function listQuery<T = Row>(path: string, query: Query = {}) {
  return {
    queryKey: [path, 'list', query] as const,
    queryFn: ({ signal }: Asked) => call<Page<T>>('GET', path, { query, signal }),
  };
}

/** Options of `createQuery` for one row and its tag. */
export function rowQuery<T = Row>(path: string, id: string, query: Query = {}) {
  return {
    queryKey: [path, 'row', id, query] as const,
    queryFn: async ({ signal }: Asked): Promise<Tagged<T>> => {
      const answer = await request<T>('GET', `${path}/${encodeURIComponent(id)}`, { query, signal });
      return { row: answer.data, etag: answer.etag };
    },
  };
}

/** Options of `createQuery` for any other answer; `keep: false` for what must not stay in the browser. */
export function answerQuery<T>(path: string, query: Query = {}, options: { keep?: boolean } = {}) {
  return {
    queryKey: [path, 'answer', query] as const,
    queryFn: ({ signal }: Asked) => call<T>('GET', path, { query, signal }),
    meta: { keep: options.keep ?? true },
  };
}

/** Everything that was asked under this path is asked anew, what is on the screen at once. */
export function invalidate(...paths: string[]): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => paths.includes(String(queryKey[0])) });
}

// --- kept in the browser ------------------------------------------------------------------------------------------------

interface Kept {
  person: string;
  build: string;
  at: number;
  state: DehydratedState;
}

let stop: (() => void) | null = null;

/** Shows what this person saw last, and keeps what they see from now on. */
export async function keepAnswers(person: string, build: string): Promise<void> {
  const before = await read<Kept>('answers');
  if (before && before.person === person && before.build === build && Date.now() - before.at < kept) {
    hydrate(client, before.state);
    // However young: who loads the page anew wants what is there now, and what was kept may be older than what this person did last.
    void client.invalidateQueries({ refetchType: 'none' });
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    timer = undefined;
    const state = dehydrate(client, {
      shouldDehydrateQuery: (query) => query.state.status === 'success' && query.meta?.keep !== false,
      shouldDehydrateMutation: () => false,
    });
    // A copy by way of JSON, since a state of the page may hold what a database can't.
    void write('answers', { person, build, at: Date.now(), state: JSON.parse(JSON.stringify(state)) } satisfies Kept);
  };
  const unsubscribe = client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') timer ??= setTimeout(save, 1000);
  });
  stop = () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

/** Nothing is kept from now on, and nothing of before is shown; what the browser's database has stays there. */
export function putAnswersAside(): void {
  stop?.();
  stop = null;
  client.clear();
}

/** Forgets all answers, in memory and in the browser's database. First nothing is kept any more, then it is deleted. */
export async function forgetAnswers(): Promise<void> {
  putAnswersAside();
  await clear();
}
