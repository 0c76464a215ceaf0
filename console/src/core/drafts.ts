/** What somebody typed and has not sent: it survives a reload, a crash and a session that ended. */

const prefix = 'tamiti.draft.';
let person = '';

/** Whose drafts these are: another person at the same browser must not meet them. */
export function draftsOf(id: string): void {
  person = id;
}

const place = (key: string) => `${prefix}${person}.${key}`;

/** Keeps a draft; undefined forgets it. Never for passwords and codes. */
export function keepDraft(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(place(key));
    else localStorage.setItem(place(key), JSON.stringify(value));
  } catch {
    // A full or closed storage loses the draft, not the form.
  }
}

export function draftOf<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(place(key));
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

export function dropDraft(key: string): void {
  keepDraft(key, undefined);
}

/** The keys of the drafts that there are: who signs out is told of them. */
export function draftKeys(): string[] {
  try {
    const start = place('');
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length));
  } catch {
    return [];
  }
}

/** Forgets the drafts of the person who is here. */
export function dropDrafts(): void {
  for (const key of draftKeys()) dropDraft(key);
}

/** Forgets the drafts of everybody who used this browser. */
export function dropAllDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept, then.
  }
}
