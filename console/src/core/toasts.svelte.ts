/** Short messages that go by themselves, with a way back where there is one. */

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  undo?: () => Promise<unknown>;
  /** It tells of work that goes on: it stays until that ends, which this does before its time. */
  stop?: () => void;
}

class Toasts {
  list = $state.raw<Toast[]>([]);
}
export const toasts = new Toasts();

let last = 0;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export function toast(text: string, options: { tone?: Toast['tone']; undo?: () => Promise<unknown> } = {}): number {
  const id = ++last;
  toasts.list = [...toasts.list.slice(-2), { id, text, tone: options.tone ?? 'plain', ...(options.undo ? { undo: options.undo } : {}) }];
  hold(id, false);
  return id;
}

/** A message of work that goes on: `say` tells how far it is, `end` takes it away. */
export function working(text: string, stop: () => void): { say: (text: string) => void; end: () => void } {
  const id = ++last;
  toasts.list = [...toasts.list.slice(-2), { id, text, tone: 'plain', stop }];
  return {
    say: (next) => (toasts.list = toasts.list.map((each) => (each.id === id ? { ...each, text: next } : each))),
    end: () => dismiss(id),
  };
}

/** Whoever reads or points at a toast keeps it; it goes a while after they have left. */
export function hold(id: number, isHeld: boolean): void {
  clearTimeout(timers.get(id));
  const shown = toasts.list.find((each) => each.id === id);
  if (!isHeld && shown && !shown.stop) timers.set(id, setTimeout(() => dismiss(id), shown.undo || shown.tone === 'bad' ? 9000 : 4500));
}

export function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.list = toasts.list.filter((each) => each.id !== id);
}

/** Takes back the latest change that can be; false where there is none. */
export function undoLast(): boolean {
  const latest = [...toasts.list].reverse().find((each) => each.undo);
  if (!latest) return false;
  dismiss(latest.id);
  void latest.undo!();
  return true;
}
