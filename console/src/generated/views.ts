/** Views of lists that people kept, and who may see them. */
import type { Choice, Row } from '../core/meta';
import type { SavedQuery } from './query';

export interface View extends Row {
  name: string;
  query: SavedQuery;
  visibility: string;
  is_default: boolean;
  position: number;
  owner: Row | string | null;
}

/** Whom a person may show a view to: a client has no team, and the whole studio takes a permission. */
export function audiences(choices: Choice[], isClient: boolean, mayShare: boolean): Choice[] {
  return choices.filter(({ value }) => value === 'personal' || (!isClient && (value !== 'everyone' || mayShare)));
}

const ownerOf = (view: View) => (view.owner !== null && typeof view.owner === 'object' ? view.owner.id : view.owner);

/** One's own views before those that others show. */
export function partsOf(views: View[], person: string): { own: View[]; shared: View[] } {
  return { own: views.filter((view) => ownerOf(view) === person), shared: views.filter((view) => ownerOf(view) !== person) };
}

/** What a person sees of the list at first. */
export function firstView(views: View[], person: string): View | undefined {
  return views.find((view) => view.is_default && ownerOf(view) === person);
}
