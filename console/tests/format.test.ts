import { beforeEach, expect, test } from 'vitest';
import { ago, bytes, clockwork, date, dateTime, daysUntil, dueDay, duration, list, money, number, today } from '../src/core/format.svelte';
import { fill, messages, tongue } from '../src/core/i18n.svelte';
import { difference, englishTexts, translatedTexts } from '../tools/messages.mjs';

beforeEach(() => {
  clockwork.zone = 'Africa/Kampala';
  clockwork.now = Date.parse('2026-11-30T22:30:00Z');
  tongue.language = 'en';
  tongue.region = 'UG';
  tongue.catalogue = {};
});

test('money has its code and exactly the digits that the studio sent', () => {
  expect(money({ amount: '2450000', currency: 'UGX' })).toBe('UGX 2,450,000');
  expect(money({ amount: '1200.50', currency: 'KES' })).toBe('KES 1,200.50');
  expect(money({ amount: '90071992547409931234.567', currency: 'BHD' })).toBe('BHD 90,071,992,547,409,931,234.567');
  expect(money({ amount: '-5', currency: 'UGX' })).toBe('UGX -5');
  expect(money(null)).toBe('–');
  expect(['12.50', 1200, '1e9', ''].map(number)).toEqual(['12.50', '1,200', '1e9', '']);
  tongue.language = 'fr';
  tongue.region = 'FR';
  expect(number('1200.50')).toBe('1\u202f200,50');
});

test('today is the day of the person’s zone', () => {
  expect(today()).toBe('2026-12-01');
  clockwork.zone = 'America/New_York';
  expect(today()).toBe('2026-11-30');
});

test('days near today are said in words, others by date, with the year where it is another', () => {
  expect(['2026-12-01', '2026-12-02', '2026-11-29', '2026-12-10', '2027-01-13'].map(dueDay)).toEqual(['today', 'tomorrow', '2 days ago', '10 Dec', '13 Jan 2027']);
  expect(daysUntil('2026-12-31')).toBe(30);
  expect(date(null)).toBe('–');
});

test('moments are in the person’s zone', () => {
  expect(dateTime('2026-11-30T22:30:00Z')).toBe('1 Dec 2026, 01:30');
  expect(ago('2026-11-30T22:27:00Z')).toBe('3 minutes ago');
  expect(ago('2026-11-30T22:29:50Z')).toBe('now');
  expect(ago('2026-12-14T22:30:00Z')).toBe('in 2 weeks');
});

test('durations, sizes and lists read as people write them', () => {
  expect(duration(4800)).toBe('1 hr 20 mins');
  expect(duration(20)).toBe('0 mins');
  expect(bytes(2_400_000)).toBe('2.4 MB');
  expect(list(['a', 'b', 'c'])).toBe('a, b and c');
});

test('texts come from the language’s file, else in English; plurals by its rules', () => {
  const t = messages('sample', { plain: 'Save', named: 'Hello {name}', some: { zero: 'none', one: '{count} row', other: '{count} rows' } });
  expect([t.plain, t.named({ name: 'Ada' }), t.some(0), t.some(1), t.some(1200)]).toEqual(['Save', 'Hello Ada', 'none', '1 row', '1,200 rows']);
  tongue.catalogue = { sample: { plain: 'Enregistrer', some: { one: '{count} ligne', other: '{count} lignes' } } };
  tongue.language = 'fr';
  expect([t.plain, t.named({ name: 'Ada' }), t.some(0), t.some(2)]).toEqual(['Enregistrer', 'Hello Ada', '0 ligne', '2 lignes']);
  expect(fill('{a} {b}', { a: 1 })).toBe('1 {b}');
});

test.each(['fr', 'sw'])('every text has its translation in %s, with the same places', (language) => {
  const english = englishTexts();
  const translated = translatedTexts(language);
  expect(difference(english, translated)).toEqual({ missing: [], unknown: [] });
  const places = (message: unknown) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
  for (const [name, texts] of Object.entries(english))
    for (const [key, message] of Object.entries(texts as Record<string, unknown>))
      expect(places(translated[name][key]), `${name}.${key}`).toEqual(places(message));
});

test('Luganda has nothing that is not asked for', () => {
  expect(difference(englishTexts(), translatedTexts('lg')).unknown).toEqual([]);
});
