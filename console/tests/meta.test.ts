import { expect, test } from 'vitest';
import { entryAt, may, readMeta, readModel, rowLabel } from '../src/core/meta';
import { uuid7 } from '../src/core/ids';
import { deviceOf } from '../src/features/account/device';
import { linkToken } from '../src/features/auth/link';

test('what /meta leaves out has a sensible value, so that nothing breaks where it grows', () => {
  const meta = readMeta({ brand: { name: 'Kasubi', currency: 'KES' }, models: [{ name: 'projects.project', path: '/projects', label: 'Project', allow: ['list', 'create'] }, { name: 'common.comment', path: '/comments', icon: 'message', placed: false, group: 'Common', allow: ['list'] }] });
  expect(meta.brand).toMatchObject({ name: 'Kasubi', region: 'KE', time_zone: 'Africa/Kampala' });
  expect(meta.models.map((model) => [model.plural, model.icon, model.placed])).toEqual([['Project', 'box', true], ['common.comment', 'message', false]]);
  expect(meta.groups).toEqual([{ name: 'Common', label: 'Common' }]);
  expect([may(meta, 'projects.project', 'create'), may(meta, 'projects.project', 'delete'), may(meta, 'none.such', 'list')]).toEqual([true, false, false]);
  expect(entryAt(meta, '/projects')?.name).toBe('projects.project');
  expect(readMeta(undefined).models).toEqual([]);
  expect(readModel({ name: 'a.b' })).toMatchObject({ name: 'a.b', fields: [], actions: [], related: [] });
});

test('currencies of no country leave the region of the studio', () => {
  expect(['EUR', 'XAF', 'UGX', 'USD'].map((currency) => readMeta({ brand: { currency } }).brand.region)).toEqual(['UG', 'UG', 'UG', 'US']);
});

test('a row is called by its label’s fields, else by its title, else by its id', () => {
  const row = { id: '1', code: 'LVH', name: 'Clinic films', title: '' };
  expect(rowLabel(row, '{code} {name}')).toBe('LVH Clinic films');
  expect(rowLabel(row, '{missing}', 'name')).toBe('Clinic films');
  expect(rowLabel(row, '', 'title')).toBe('1');
});

test('ids are of version 7 and sorted by time', () => {
  const ids = [1, 2_000_000_000_000, 3_000_000_000_000].map((time) => uuid7(time));
  expect([...ids].sort()).toEqual(ids);
  expect(ids[1]!.replaceAll('-', '').slice(0, 12)).toBe((2_000_000_000_000).toString(16).padStart(12, '0'));
  expect(new Set(Array.from({ length: 1000 }, () => uuid7())).size).toBe(1000);
});

test('a browser is told by name and system, another program by its own name', () => {
  expect(deviceOf('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36')).toBe('Chrome · Android');
  expect(deviceOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15')).toBe('Safari · Mac');
  expect(deviceOf('curl/7.88.1')).toBe('curl/7.88.1');
});

test('the token of a mail is read from the fragment alone', () => {
  expect(linkToken('#token=a%2Bb')).toBe('a+b');
  expect(linkToken('')).toBe('');
});
