/** What each app gives to the console: `src/features/<app>/app.ts` answers one of these, and nothing else names the app. */
import type { Component } from 'svelte';
import type { Command } from './keys.svelte';
import type { Screen } from './router.svelte';

export interface Place {
  path: string;
  /** Read when it is shown, since the language may change. */
  label: () => string;
  icon: string;
  group?: string;
  /** Who finds it in the navigation. */
  when?: () => boolean;
  /** `/` is that of home; the smallest comes first. */
  order?: number;
}

/** What waits for some people in an app, for their first screen. It draws itself into a `ui/Panel`, and nothing where nothing waits. */
export interface HomeCard {
  id: string;
  /** Wide, under one's own work, or narrow beside it. */
  side: 'main' | 'aside';
  /** The smallest comes first. */
  order: number;
  /** Who has it: mostly what their roles are. */
  when: () => boolean;
  load: () => Promise<{ default: Component }>;
}

export interface Feature {
  screens?: Screen[];
  places?: Place[];
  cards?: HomeCard[];
  /** Offered everywhere, as long as somebody is signed in. */
  commands?: () => Command[];
  /** Stands over the screen of whose session has ended. */
  signInAgain?: () => Promise<{ default: Component }>;
}

const files = import.meta.glob<{ default: Feature }>('../features/*/app.ts', { eager: true });

export const features: Feature[] = Object.values(files).map((file) => file.default);
