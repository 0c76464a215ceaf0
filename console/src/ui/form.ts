import type { Problem } from '../core/problem';

/** Puts the focus where a problem is: on the first of its fields that the form has, in the order of the page. */
export function focusProblem(form: HTMLElement | null | undefined, problem: Problem): void {
  if (!form) return;
  const names = Object.keys(problem.errors);
  requestAnimationFrame(() => {
    const field = [...form.querySelectorAll<HTMLElement>('[data-field]')].find((each) =>
      names.some((name) => name === each.dataset['field'] || name.startsWith(`${each.dataset['field']}.`)),
    );
    field?.querySelector<HTMLElement>('input, select, textarea, [tabindex]')?.focus();
  });
}

/** What a problem says beside its fields: sentences of fields that the form hasn't, or its detail where it names none. */
export function formSentence(problem: Problem, shown: string[]): string {
  const others = Object.entries(problem.errors).filter(([name]) => !shown.some((field) => name === field || name.startsWith(`${field}.`)));
  if (others.length) return others.map(([name, sentences]) => `${name}: ${sentences.join(' ')}`).join(' ');
  if (problem.hasFields) return '';
  const text = problem.detail || problem.title;
  return problem.status >= 500 && problem.request ? `${text} (${problem.request})` : text;
}
