/** Light or dark: the person's choice, else the system's. A cookie tells the studio, which writes it into the page. */

export type Theme = 'light' | 'dark' | 'system';

const cookie = 'tamiti_theme';

class Look {
  choice = $state<Theme>('system');
}
export const look = new Look();

export function startTheme(): void {
  const kept = new RegExp(`(?:^|; )${cookie}=(light|dark)`).exec(document.cookie)?.[1];
  look.choice = (kept as Theme | undefined) ?? 'system';
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
}

export function setTheme(choice: Theme): void {
  look.choice = choice;
  const age = choice === 'system' ? 0 : 31_536_000;
  document.cookie = `${cookie}=${choice}; Path=/; Max-Age=${age}; SameSite=Lax`;
  show();
}

/** Always an attribute, so that the brand's colours, which come from the studio, need no rule of their own for the system's choice. */
function show(): void {
  const isDark = look.choice === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : look.choice === 'dark';
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}
