// Makes src/ui/icons.ts of the signs that the console uses: one path each, from Lucide (ISC).
// node tools/icons.mjs; run it after a change of the list below.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Our name: Lucide's, where they differ. */
const wanted = {
  sun: 'sun', moon: 'moon', monitor: 'monitor', search: 'search', plus: 'plus', x: 'x', check: 'check', 'chevron-down': '', 'chevron-up': '',
  'chevron-left': '', 'chevron-right': '', 'chevrons-up-down': '', 'arrow-left': '', 'arrow-right': '', 'arrow-up': '', 'arrow-down': '',
  more: 'ellipsis', menu: 'menu', home: 'house', users: '', user: '', 'user-plus': '', building: 'building-2', contact: 'contact-round',
  'folder-kanban': '', flag: '', message: 'message-square', paperclip: '', bookmark: '', upload: '', download: '', mail: '', network: '',
  'map-pin': '', badge: 'id-card', box: '', bell: '', settings: '', shield: 'shield-check', key: 'key-round', 'log-out': '', trash: 'trash-2',
  undo: 'undo-2', restore: 'archive-restore', archive: '', history: '', link: '', 'external-link': '', eye: '', 'eye-off': '', filter: 'list-filter',
  sort: 'arrow-up-down', columns: 'columns-3', list: '', board: 'square-kanban', calendar: 'calendar-days', clock: '', alert: 'triangle-alert',
  info: '', lock: '', pencil: '', copy: '', refresh: 'refresh-cw', 'cloud-off': '', phone: 'smartphone', laptop: '', stamp: '', wallet: '', chart: 'chart-line',
  camera: '', image: '', play: '', pause: '', tag: '', star: '', language: 'languages', keyboard: '', help: 'circle-question-mark',
  compare: 'git-compare-arrows', bug: '', activity: '', receipt: '', megaphone: '', film: '', truck: '', store: '', leaf: '', wrench: '', file: 'file-text',
  sparkles: '', door: 'door-open', crown: '', hash: '', inbox: '', send: '', palette: '', percent: '', target: '',
};

const number = (text) => Number(text);
const tidy = (value) => String(Math.round(value * 1000) / 1000);

/** A path that begins with a small m is measured from where the one before it ended, once they are joined; so it begins with a large one. */
function absolute(d) {
  const [, x, y, rest] = /^m\s*(-?[\d.]+)[\s,]*(-?[\d.]+)\s*(.*)$/s.exec(d) ?? [];
  if (x === undefined) return d;
  return `M${x} ${y}${/^[-\d.]/.test(rest) ? 'l' : ''}${rest}`;
}

/** One element of a drawing as the `d` of a path. */
function pathOf(tag, get) {
  const at = (name) => number(get(name) ?? 0);
  if (tag === 'path') return absolute(get('d'));
  if (tag === 'line') return `M${get('x1')} ${get('y1')}L${get('x2')} ${get('y2')}`;
  if (tag === 'polyline' || tag === 'polygon') return `M${get('points').trim().split(/[\s,]+/).join(' ')}${tag === 'polygon' ? 'z' : ''}`;
  if (tag === 'circle' || tag === 'ellipse') {
    const [cx, cy, rx, ry] = [at('cx'), at('cy'), at(tag === 'circle' ? 'r' : 'rx'), at(tag === 'circle' ? 'r' : 'ry')];
    return `M${tidy(cx - rx)} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0`;
  }
  if (tag === 'rect') {
    const [x, y, w, h] = [at('x'), at('y'), at('width'), at('height')];
    const r = Math.min(number(get('rx') ?? get('ry') ?? 0), w / 2, h / 2);
    if (!r) return `M${x} ${y}h${w}v${h}h${-w}z`;
    const arc = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
    return `M${tidy(x + r)} ${y}h${tidy(w - 2 * r)}${arc(r, r)}v${tidy(h - 2 * r)}${arc(-r, r)}h${tidy(2 * r - w)}${arc(-r, -r)}v${tidy(2 * r - h)}${arc(r, -r)}z`;
  }
  throw new Error(`no path for <${tag}>`);
}

const here = fileURLToPath(new URL('..', import.meta.url));
const lines = Object.entries(wanted).map(([name, other]) => {
  const drawing = readFileSync(`${here}node_modules/lucide-static/icons/${other || name}.svg`, 'utf8');
  const parts = [...drawing.matchAll(/<(path|line|polyline|polygon|circle|ellipse|rect)\s([^>]*?)\/?>/gs)].map(([, tag, attributes]) =>
    pathOf(tag, (attribute) => new RegExp(`(?:^|\\s)${attribute}="([^"]*)"`).exec(attributes)?.[1]),
  );
  return `  '${name}': '${parts.join('')}',`;
});
writeFileSync(
  `${here}src/ui/icons.ts`,
  `// Made by tools/icons.mjs from Lucide (ISC licence); change the list there.\n\nexport const icons: Record<string, string> = {\n${lines.join('\n')}\n};\n`,
);
console.log(`${lines.length} icons`);
