// The types of fields that the studio has: the file of each, and the name that /meta gives to it.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../src/core/model/fields/', import.meta.url));

/** @returns {{ file: string, name: string }[]} */
export function fieldTypes() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cpp') && file !== 'written.cpp')
    .flatMap((file) => {
      const name = /std::string_view name\(\) const[^{]*\{\s*return "([^"]+)"/.exec(readFileSync(folder + file, 'utf8'))?.[1];
      return name || file === 'reference.cpp' ? [{ file: file.slice(0, -4), name: name ?? 'reference' }] : [];
    });
}
