/** Which rows of a long list stand in the page: those in view and a few more, never above a hundred. */

export interface Slice {
  from: number;
  to: number;
}

export const mostRows = 100;

/** `top` is how far the list's first row lies above the upper edge of what is seen; negative where it lies below. */
export function sliceOf(count: number, top: number, height: number, row: number, spare = 12): Slice {
  const first = Math.max(0, Math.floor(top / row) - spare);
  const last = Math.min(count, Math.ceil((top + height) / row) + spare);
  const from = Math.min(first, Math.max(0, count - 1));
  return { from, to: Math.max(from, Math.min(last, from + mostRows)) };
}

/** What scrolls an element. */
export function scrollerOf(element: HTMLElement): HTMLElement {
  for (let each = element.parentElement; each; each = each.parentElement)
    if (/(auto|scroll)/.test(getComputedStyle(each).overflowY)) return each;
  return document.documentElement;
}
