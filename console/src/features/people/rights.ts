/** Who may do what, as the studio tells it: read off what the apps declare, never written down here. */
import type { Meta } from '../../core/meta';
import { entryOf } from '../../core/meta';
import { answerQuery } from '../../core/queries';

export const verbs = ['view', 'create', 'change', 'remove'] as const;
export type Verb = (typeof verbs)[number];
/** Of the rows of a kind; `some` are those that a rule gives, such as one's own. */
export type Extent = 'none' | 'some' | 'all';
export type Rights = Record<Verb, Extent>;

export interface Matrix {
  resources: ({ model: string; path: string; role: string } & Rights)[];
  routes: { method: string; path: string; access: string; roles: string[] }[];
  fields: { model: string; field: string; read: string[]; write: string[] }[];
}

/** A permission and the roles that hold it. */
export interface Held {
  code: string;
  label: string;
  roles: string[];
  is_yours: boolean;
}

// Nobody changes these while a page is open, but for who installs another version of the program.
const lasting = { staleTime: 5 * 60 * 1000 };
export const matrixQuery = () => ({ ...answerQuery<Matrix>('/permissions/matrix'), ...lasting });
export const heldQuery = () => ({ ...answerQuery<Held[]>('/permissions'), ...lasting });

/** A kind of rows with what each role may do. */
export interface Line {
  model: string;
  /** `projects` of `projects.client` */
  app: string;
  roles: Record<string, Rights>;
}

export function linesOf(matrix: Matrix): Line[] {
  const lines = new Map<string, Line>();
  for (const { model, role, view, create, change, remove } of matrix.resources) {
    const line = lines.get(model) ?? { model, app: model.split('.')[0]!, roles: {} };
    line.roles[role] = { view, create, change, remove };
    lines.set(model, line);
  }
  return [...lines.values()];
}

export function rolesOf(matrix: Matrix): string[] {
  return [...new Set(matrix.resources.map((each) => each.role))];
}

const larger = (a: Extent, b: Extent): Extent => (a === 'all' || b === 'all' ? 'all' : a === 'some' || b === 'some' ? 'some' : 'none');
const nothing: Rights = { view: 'none', create: 'none', change: 'none', remove: 'none' };

/** What somebody with all of these roles may do: of each verb the most that one of them gives. */
export function joined(line: Line, roles: readonly string[]): Rights {
  return roles.reduce<Rights>((sum, role) => {
    const own = line.roles[role] ?? nothing;
    return { view: larger(sum.view, own.view), create: larger(sum.create, own.create), change: larger(sum.change, own.change), remove: larger(sum.remove, own.remove) };
  }, nothing);
}

/** The kinds of rows of which these roles may do that, all or some. */
export function reached(lines: readonly Line[], roles: readonly string[], verb: Verb, extent: Extent): string[] {
  return lines.filter((line) => joined(line, roles)[verb] === extent).map((line) => line.model);
}

/** What a kind of rows is called: as the navigation calls it, or by its own name where this person has none of them. */
export function calledModel(meta: Meta | undefined, model: string): string {
  const entry = entryOf(meta, model);
  if (entry) return entry.plural;
  return capital(model.split('.').at(-1)!.replaceAll('_', ' '));
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Verbs of routes that not everybody may call who has signed in, with the rows that they belong to. */
export function closedRoutes(matrix: Matrix): Matrix['routes'] {
  const all = rolesOf(matrix).length;
  return matrix.routes.filter((route) => !/^(anyone|signed in)/.test(route.access) && route.roles.length < all);
}
