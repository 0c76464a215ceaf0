import { createQuery } from '@tanstack/svelte-query';
import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { client } from '../src/core/queries';

const settled = () => new Promise((done) => setTimeout(done, 20));

test('an answer that came while a screen looked at its fault alone is there when the screen asks for it', async () => {
  let isKnown = $state(false);
  const seen: unknown[] = [];
  let answer!: (value: string) => void;
  const end = $effect.root(() => {
    const row = createQuery(() => ({ queryKey: ['row'], queryFn: () => new Promise<string>((resolve) => (answer = resolve)) }), () => client);
    // As a page does whose model is asked beside its row: it looks at the data of one once the other is there.
    const shown = $derived(isKnown ? row.data : undefined);
    $effect(() => void seen.push([row.error, shown]));
  });
  flushSync();
  await settled();
  answer('a project');
  await settled();
  isKnown = true;
  flushSync();
  expect(seen.at(-1)).toEqual([null, 'a project']);
  end();
});
