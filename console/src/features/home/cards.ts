/** The cards of the first screen: those of home itself, which come with it, and those that apps bring. */
import type { Component } from 'svelte';
import { features, type HomeCard } from '../../core/features';
import { session } from '../../core/session.svelte';
import AcceptedCard from './AcceptedCard.svelte';
import AroundCard from './AroundCard.svelte';
import FilesCard from './FilesCard.svelte';
import LateCard from './LateCard.svelte';
import MentionsCard from './MentionsCard.svelte';
import ProjectsCard from './ProjectsCard.svelte';
import ReviewCard from './ReviewCard.svelte';

export type Card = Omit<HomeCard, 'load'> & ({ load: HomeCard['load'] } | { component: Component });

const isOne = (...roles: string[]) => () => roles.some((role) => session.is(role));
const isStaff = () => !session.is('client');

const own: Card[] = [
  { id: 'late', side: 'main', order: 20, when: isOne('manager', 'admin'), component: LateCard },
  { id: 'review', side: 'main', order: 30, when: isOne('content', 'digital'), component: ReviewCard },
  { id: 'accepted', side: 'main', order: 30, when: isOne('finance'), component: AcceptedCard },
  { id: 'around', side: 'main', order: 40, when: isOne('content', 'digital', 'field', 'staff'), component: AroundCard },
  { id: 'projects', side: 'aside', order: 20, when: isStaff, component: ProjectsCard },
  { id: 'mentions', side: 'aside', order: 30, when: isStaff, component: MentionsCard },
  { id: 'files', side: 'aside', order: 40, when: isStaff, component: FilesCard },
];

/** Those of this person, in their order. */
export function cardsOf(side: Card['side'], all: Card[] = [...own, ...features.flatMap((feature) => feature.cards ?? [])]): Card[] {
  return all.filter((card) => card.side === side && card.when()).sort((a, b) => a.order - b.order);
}
