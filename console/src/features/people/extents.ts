/** Rights in words: "sees all, changes some". */
import { messages } from '../../core/i18n.svelte';
import { list } from '../../core/format.svelte';
import { verbs, type Extent, type Rights, type Verb } from './rights';

const t = messages('extents', {
  view: 'See', create: 'Make', change: 'Change', remove: 'Remove', all: 'all', some: 'some', none: 'none',
  viewAll: 'sees all', viewSome: 'sees some', createAll: 'makes new ones', createSome: 'makes some new ones', changeAll: 'changes all', changeSome: 'changes some', removeAll: 'removes all', removeSome: 'removes some', nothing: 'nothing',
});

export const calledVerb = (verb: Verb): string => t[verb];
export const calledExtent = (extent: Extent): string => t[extent];

/** What the rights give, in one line. */
export function inWords(rights: Rights): string {
  const said = verbs.flatMap((verb) => (rights[verb] === 'none' ? [] : [t[`${verb}${rights[verb] === 'all' ? 'All' : 'Some'}`]]));
  return said.length ? list(said) : t.nothing;
}
