/** Changes on their way to the studio: each has its effect once, says what became of it and can be taken back. */
import { request, type Method } from './api';
import { dropDraft } from './drafts';
import { uuid7 } from './ids';
import { Problem, sentenceOf } from './problem';
import { client, invalidate } from './queries';
import { toast } from './toasts.svelte';

export interface Submission<T> {
  method: Exclude<Method, 'GET'>;
  path: string;
  body?: unknown;
  ifMatch?: string;
  /** Said when it is done: "Project archived". Without it nothing is said. */
  done?: string;
  /** How to take it back; offered in the toast and by Z. It gets the answer. */
  undo?: (answer: T) => Promise<unknown>;
  /** Paths whose answers are asked anew afterwards. */
  refresh?: string[];
  /** Shows the change before it is confirmed; what it answers puts things back. */
  optimistic?: () => (() => void) | void;
  /** The draft that is forgotten once the studio has it. */
  draft?: string;
  /** One key for one intention: pass the same where a person presses again after a failure. */
  key?: string;
}

export interface Submitted<T> {
  data: T;
  etag: string;
}

const tries = 3;

/** Sends the change. Throws the `Problem` of a refusal, with everything on the screen as it was before. */
export async function submit<T = unknown>(change: Submission<T>): Promise<Submitted<T>> {
  const putBack = change.optimistic?.();
  try {
    const answer = await sendOften<T>(change);
    if (change.draft) dropDraft(change.draft);
    if (change.refresh?.length) void invalidate(...change.refresh);
    if (change.done) {
      const undo = change.undo;
      toast(change.done, undo ? { undo: () => takeBack(() => undo(answer.data), change.refresh) } : {});
    }
    return { data: answer.data, etag: answer.etag };
  } catch (fault) {
    putBack?.();
    throw fault;
  }
}

/** The same for a change that no form waits for: a refusal is said in a toast. Null where it failed. */
export async function submitAndSay<T = unknown>(change: Submission<T>): Promise<Submitted<T> | null> {
  try {
    return await submit(change);
  } catch (fault) {
    sayProblem(fault);
    return null;
  }
}

/** A problem in a toast: the studio's sentence, and for its own faults the request's id. */
export function sayProblem(fault: unknown): void {
  toast(fault instanceof Problem ? sentenceOf(fault) : String(fault), { tone: 'bad' });
}

async function sendOften<T>(change: Submission<T>) {
  const key = change.key ?? uuid7();
  for (let attempt = 1; ; attempt++) {
    try {
      return await request<T>(change.method, change.path, {
        ...(change.body === undefined ? {} : { body: change.body }),
        ...(change.ifMatch ? { ifMatch: change.ifMatch } : {}),
        // Requests under /auth heed no key, so they are sent once; a file that is put stands at its place however often it comes.
        ...(change.body instanceof Blob ? {} : { idempotencyKey: key }),
      });
    } catch (fault) {
      const mayRepeat =
        fault instanceof Problem && (fault.isNetwork || fault.status === 503) && !change.path.startsWith('/auth/');
      if (!mayRepeat || attempt === tries) throw fault;
      await new Promise((wake) => setTimeout(wake, 400 * 3 ** (attempt - 1)));
    }
  }
}

async function takeBack(undo: () => Promise<unknown>, refresh: string[] | undefined): Promise<void> {
  try {
    await undo();
    if (refresh?.length) await invalidate(...refresh);
  } catch (fault) {
    sayProblem(fault);
  }
}

/** For `optimistic`: rewrites every kept answer under a path and answers how to put them back. */
export function rewrite(path: string, change: (data: unknown) => unknown): () => void {
  const before = client.getQueriesData({ predicate: ({ queryKey }) => queryKey[0] === path });
  for (const [key, data] of before) if (data !== undefined) client.setQueryData(key, change(data));
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}
