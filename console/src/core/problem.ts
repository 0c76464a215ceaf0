/** What the API says when it refuses (RFC 9457), and what there is to say when it can't be reached. */

/** Sentences for each field, as the API names them: `name`, `items.2.amount`. */
export type FieldErrors = Record<string, string[]>;

interface ProblemBody {
  status?: number;
  code?: string;
  title?: string;
  detail?: string;
  instance?: string;
  errors?: FieldErrors;
  current?: unknown;
}

export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** A word that never changes, such as `auth.second_factor_needed`; `network` where there was no answer. */
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly errors: FieldErrors = {},
    /** The id of the request, by which the studio's log has it. */
    readonly request = '',
    /** Seconds to wait (Retry-After). */
    readonly retryAfter: number | null = null,
    /** The row as it is now, of a 412. */
    readonly current: unknown = undefined,
    /** The tag of that row. */
    readonly currentTag = '',
  ) {
    super(detail || title);
  }

  /** No answer at all: no network, or a studio that is away. */
  get isNetwork(): boolean {
    return this.status === 0;
  }
  /** Not the fault of what was sent: the same may work a moment later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
  get hasFields(): boolean {
    return Object.keys(this.errors).length > 0;
  }
}

export function networkProblem(): Problem {
  return new Problem(0, 'network', 'No connection', 'The studio could not be reached.');
}

/** Reads an answer that is no success. What is no problem document, as from a proxy, becomes one. */
export async function problemOf(response: Response): Promise<Problem> {
  let body: ProblemBody = {};
  try {
    if (/json/.test(response.headers.get('Content-Type') ?? '')) body = ((await response.json()) ?? {}) as ProblemBody;
  } catch {
    // A body that can't be read says no more than the status does.
  }
  const wait = Number(response.headers.get('Retry-After'));
  return new Problem(
    response.status,
    body.code ?? `http.${response.status}`,
    body.title ?? response.statusText,
    body.detail ?? '',
    fieldErrors(body.errors),
    body.instance ?? response.headers.get('X-Request-Id') ?? '',
    Number.isFinite(wait) && wait > 0 ? wait : null,
    body.current,
    response.headers.get('ETag') ?? '',
  );
}

function fieldErrors(errors: unknown): FieldErrors {
  const found: FieldErrors = {};
  if (!errors || typeof errors !== 'object') return found;
  for (const [field, sentences] of Object.entries(errors))
    found[field] = (Array.isArray(sentences) ? sentences : [sentences]).map(String);
  return found;
}

/** Any thrown value as a problem: a fault of the page itself has no status. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(-1, 'console.fault', 'Fault', thrown instanceof Error ? thrown.message : String(thrown));
}

/** What a problem says to people, in one line. */
export function sentenceOf(problem: Problem): string {
  const fields = Object.values(problem.errors).flat();
  const text = fields.length === 1 ? fields[0]! : problem.detail || problem.title;
  return problem.status >= 500 && problem.request ? `${text} (${problem.request})` : text;
}
