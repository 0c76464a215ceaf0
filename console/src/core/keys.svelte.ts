/** One register of what people can do: it feeds the palette, the keys and the help. */
import { untrack } from 'svelte';

export interface Command {
  id: string;
  label: string;
  /** Where it stands in palette and help. */
  group: string;
  icon?: string;
  /** `mod+k`, `?`, `g p` (one after the other), `Escape`; several with a bar between. */
  keys?: string;
  /** Words by which it is found, too. */
  words?: string;
  /** Not offered in the palette: keys that only make sense on a screen. */
  hidden?: boolean;
  /** Also while somebody types. */
  whileTyping?: boolean;
  /** Also while a sheet or a question stands over the screen. */
  overSheets?: boolean;
  run: () => void;
}

class Register {
  #groups = $state.raw<{ list: () => Command[] }[]>([]);
  /** The latest first: what a screen registers goes before what the shell did. */
  all: Command[] = $derived(this.#groups.flatMap((group) => group.list()));

  add(list: () => Command[]): () => void {
    const group = { list };
    this.#groups = [group, ...this.#groups];
    return () => {
      this.#groups = this.#groups.filter((each) => each !== group);
    };
  }
}
export const register = new Register();

/** Offers commands as long as the component is there; the list may depend on its state. */
export function useCommands(list: () => Command[]): void {
  // The register is written here, not read: an effect that did both would never come to rest.
  $effect.pre(() => untrack(() => register.add(list)));
}

const isMac = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform);

/** The name of a key as it was pressed: `mod+k`, `shift+z`, `?`, `Escape`. */
export function keyOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push('mod');
  if (event.altKey) parts.push('alt');
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A sign such as ? is what it is, whichever key makes it.
  if (event.shiftKey && (key.length > 1 || /[a-z]/.test(key))) parts.push('shift');
  return [...parts, key].join('+');
}

export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.matches) return false;
  if (element.isContentEditable) return true;
  return element.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])');
}

/** The keys of a command as people read them: ⌘K or Ctrl K, G then P. */
export function keyLabels(keys: string): string[] {
  return keys
    .split('|')[0]!
    .trim()
    .split(/[ +]/)
    .map((key) => ({ mod: isMac ? '⌘' : 'Ctrl', shift: '⇧', alt: 'Alt', Escape: 'Esc', Enter: '↵' })[key] ?? key.toUpperCase());
}

let pressed = '';
let pressedAt = 0;

/** What the pressed keys mean; a sequence has a second and a half for its second key. */
export function commandFor(event: KeyboardEvent, commands: Command[], now = Date.now()): Command | null {
  const key = keyOf(event);
  const sequence = now - pressedAt < 1500 && pressed ? `${pressed} ${key}` : '';
  const typing = isTyping(event.target);
  const fits = (wanted: string) =>
    commands.find((command) => (!typing || command.whileTyping) && command.keys?.split('|').some((each) => each.trim() === wanted));
  const found = (sequence && fits(sequence)) || fits(key) || null;
  pressed = found || typing || key.includes('mod') ? '' : key;
  pressedAt = now;
  return found;
}

/** The commands whose keys hold now: within a dialog those that say so, and those of any place with Ctrl. */
export function heldNow(commands: Command[], event: KeyboardEvent, isUnderDialog: boolean): Command[] {
  return isUnderDialog && !event.ctrlKey && !event.metaKey ? commands.filter((command) => command.overSheets) : commands;
}

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandFor(event, heldNow(register.all, event, !!document.querySelector('dialog:modal')));
    if (!command) return;
    event.preventDefault();
    command.run();
  });
}
