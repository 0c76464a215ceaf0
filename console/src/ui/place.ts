/** Puts what floats beside what opened it, within the window: below, or above where there is more room. */
export function placeUnder(anchor: HTMLElement, floating: HTMLElement, align: 'start' | 'end' = 'start', gap = 6): void {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const isAbove = from.bottom + gap + height > innerHeight - 8 && from.top > innerHeight - from.bottom;
  const isFromRight = (align === 'end') !== (getComputedStyle(anchor).direction === 'rtl');
  const left = isFromRight ? from.right - width : from.left;
  floating.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  floating.style.top = `${Math.max(8, isAbove ? from.top - gap - height : Math.min(from.bottom + gap, innerHeight - height - 8))}px`;
}
