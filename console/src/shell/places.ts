/** The navigation: what the apps name themselves, and every model that somebody may list. */
import { features, type Place } from '../core/features';
import type { Meta, ModelEntry } from '../core/meta';
import { session } from '../core/session.svelte';

export interface Link {
  path: string;
  label: string;
  icon: string;
}
export interface Group {
  name: string;
  links: Link[];
}

/** Places of the apps that stand alone, such as My day. */
export function ownPlaces(): Place[] {
  return features
    .flatMap((feature) => feature.places ?? [])
    .filter((place) => !place.when || place.when())
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
}

export function groupsOf(meta: Meta | undefined): Group[] {
  const own = ownPlaces().filter((place) => place.group);
  const taken = new Set(ownPlaces().map((place) => place.path));
  const models = (meta?.models ?? []).filter((model) => model.placed && !taken.has(model.path));
  const groups = new Map<string, Link[]>((meta?.groups ?? []).map((group) => [group.name, []]));
  const add = (name: string, link: Link) => groups.set(name, [...(groups.get(name) ?? []), link]);
  // What an app names itself comes before the models that stand there anyhow.
  for (const place of own) add(place.group!, { path: place.path, label: place.label(), icon: place.icon });
  for (const model of models) add(model.group, linkOf(model));
  const labelOf = (name: string) => meta?.groups.find((group) => group.name === name)?.label ?? name;
  // Work first and the studio itself last; what lies between comes as /meta has it.
  const rank = (name: string) => (name === 'Work' ? 0 : name === 'People' || name === 'Studio' ? 2 : 1);
  return [...groups]
    .filter(([, links]) => links.length)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, links]) => ({ name: labelOf(name), links }));
}

export function linkOf(model: ModelEntry): Link {
  return { path: model.path, label: model.plural, icon: model.icon };
}

// What stands beside home and the button to add, by the first role that has an opinion.
const byRole: Record<string, string[]> = {
  client: ['/projects', '/milestones'],
  finance: ['/projects', '/clients'],
  admin: ['/projects', '/users'],
};

/** The two models of a phone's tabs. */
export function tabsOf(meta: Meta | undefined): Link[] {
  const wanted = session.me?.roles.map((role) => byRole[role]).find(Boolean) ?? ['/projects', '/clients'];
  const models = meta?.models.filter((model) => model.placed) ?? [];
  const first = wanted.flatMap((path) => models.filter((model) => model.path === path));
  const rest = models.filter((model) => !first.includes(model));
  const named = ownPlaces();
  return [...first, ...rest].slice(0, 2).map((model) => {
    const own = named.find((place) => place.path === model.path);
    return own ? { path: own.path, label: own.label(), icon: own.icon } : linkOf(model);
  });
}

/** Whether a link leads to the present path or one within it. */
export function isHere(link: string, path: string): boolean {
  return link === '/' ? path === '/' : path === link || path.startsWith(`${link}/`);
}
