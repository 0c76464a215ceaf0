/** Files that come from the studio or are made here: kept where the browser keeps what it downloads. */
import { open, type Query } from './api';
import { bytes } from './format.svelte';
import { messages } from './i18n.svelte';
import { networkProblem } from './problem';
import { toast, working } from './toasts.svelte';
import { sayProblem } from './outbox';

const t = messages('download', { getting: 'Getting “{name}”…', got: 'Getting “{name}”: {size}', done: '“{name}” is ready: {size}' });

export function keepFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The name that an answer gives to its file. */
export function fileNameOf(headers: Headers, otherwise: string): string {
  const disposition = headers.get('Content-Disposition') ?? '';
  const long = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return long ? decodeURIComponent(long) : (/filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? otherwise);
}

/** The body of an answer as it comes; `progress` gets the bytes that are there. */
export async function bodyOf(response: Response, progress: (bytes: number) => void): Promise<Blob> {
  const type = response.headers.get('Content-Type') ?? '';
  const reader = response.body?.getReader();
  if (!reader) return await response.blob();
  const parts: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type });
    parts.push(value as BlobPart);
    progress((size += value.length));
  }
}

/** Fetches a file with its progress in a message; a refusal is said, where a link would lead to its raw text. */
export async function download(path: string, query: Query, title: string): Promise<boolean> {
  const stop = new AbortController();
  const message = working(t.getting({ name: title }), () => stop.abort());
  try {
    const response = await open('GET', path, { query, signal: stop.signal });
    const name = fileNameOf(response.headers, title);
    const file = await bodyOf(response, (size) => message.say(t.got({ name: title, size: bytes(size) }))).catch(() => {
      throw networkProblem();
    });
    keepFile(name, file);
    toast(t.done({ name, size: bytes(file.size) }));
    return true;
  } catch (thrown) {
    if (!stop.signal.aborted) sayProblem(thrown);
    return false;
  } finally {
    message.end();
  }
}
