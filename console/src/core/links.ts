/** Links to files of the studio. */
import { request } from './api';

/** Saves what an address answers, under the name that the studio gives it: `follow(address('/projects', {format: 'csv'}))`. */
export function follow(url: string): void {
  click(url, '');
}

/** The same where the browser's own cookies must not ask: for who looks as somebody else. Throws the `Problem`. */
export async function fetchLinked(url: string, name: string): Promise<void> {
  const { pathname, search } = new URL(url, location.href);
  const answer = await request<unknown>('GET', pathname.replace(/^\/api\/v1/, '') + search);
  const { data } = answer;
  const content = data instanceof Blob ? data : new Blob([typeof data === 'string' ? data : JSON.stringify(data, null, 2)]);
  const local = URL.createObjectURL(content);
  click(local, nameIn(answer.headers.get('Content-Disposition')) || name || pathname.split('/').at(-1)!);
  setTimeout(() => URL.revokeObjectURL(local), 10_000);
}

/** `attachment; filename="projects.csv"` → `projects.csv`. */
export function nameIn(disposition: string | null): string {
  const long = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  return long ? decodeURIComponent(long) : (/filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? '');
}

function click(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  // Only what stands in the page is heard by who watches its links.
  document.body.append(link);
  link.click();
  link.remove();
}
