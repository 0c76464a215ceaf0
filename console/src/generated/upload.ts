/** A file on its way to the studio, with its progress: `fetch` doesn't tell how much of a body was sent. */
import { address, credentials, refresh, type Query } from '../core/api';
import { networkProblem, problemOf } from '../core/problem';

/** Resolves with the row of the file; `progress` gets the bytes that were sent. */
export async function upload<T = unknown>(path: string, query: Query, file: Blob, progress: (bytes: number) => void, signal?: AbortSignal): Promise<T> {
  let response = await send(address(path, query), file, progress, signal);
  if (response.status === 401 && (await refresh())) response = await send(address(path, query), file, progress, signal);
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

function send(url: string, file: Blob, progress: (bytes: number) => void, signal?: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(credentials('POST'))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onerror = () => reject(networkProblem());
    request.onabort = () => reject(networkProblem());
    request.onload = () => {
      const headers = new Headers();
      for (const name of ['Content-Type', 'Retry-After', 'X-Request-Id']) {
        const value = request.getResponseHeader(name);
        if (value) headers.set(name, value);
      }
      resolve(new Response(request.responseText || null, { status: request.status, headers }));
    };
    signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
