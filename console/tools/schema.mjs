// Makes src/core/schema.d.ts of the API's document, as tests/snapshots/openapi has it in a part for each app: types alone, which weigh nothing.
// node tools/schema.mjs writes it, --check says whether it is that of the snapshots; names of other folders and files may follow.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const nameOf = (reference) => reference.split('/').at(-1);
const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`);
const isPlain = (type) => !/[ |]/.test(type) || /^\{[^|]*\}$/.test(type);

/** A JSON schema as a type. */
export function typeOf(schema = {}) {
  if (schema.$ref) return `Schemas['${nameOf(schema.$ref)}']`;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return union(choices.map(typeOf));
  if (schema.enum) return union(schema.enum.map((value) => (value === null ? 'null' : typeof value === 'string' ? `'${value}'` : String(value))));
  return union([schema.type ?? 'unknown'].flat().map((type) => typeNamed(type, schema)));
}

const union = (types) => [...new Set(types)].join(' | ');

function typeNamed(type, schema) {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'object') return objectType(schema);
  if (type !== 'array') return type;
  const items = typeOf(schema.items);
  if (schema.minItems === 2 && schema.maxItems === 2) return `[${items}, ${items}]`;
  return isPlain(items) ? `${items}[]` : `(${items})[]`;
}

function objectType({ properties = {}, required = [], additionalProperties: others }) {
  const members = Object.entries(properties).map(([name, schema]) => `${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`);
  // What an answer may have beyond its members is known to nobody here; next to members of their own types it can't be narrower.
  if (others) members.push(`[other: string]: ${members.length ? 'unknown' : typeOf(others === true ? {} : others)}`);
  return members.length ? `{ ${members.join('; ')} }` : 'Record<string, never>';
}

/** The parameters of one place, such as `path`, as a type; null where there are none. */
function parametersType(parameters, place) {
  const own = parameters.filter((each) => each.in === place);
  if (!own.length) return null;
  // Lists also take filters through references, which the document has in words only.
  if (place === 'query' && own.some((each) => each.name === 'or')) return 'Filters';
  return `{ ${own.map(({ name, required, schema }) => `${key(name)}${required ? '' : '?'}: ${listed(schema)}`).join('; ')} }`;
}

// An address has a list as one text with commas between.
const listed = (schema) => (schema.type === 'array' ? 'string' : typeOf(schema));

const jsonOf = (content = {}) => content['application/json']?.schema;

function requestType(operation, parameterOf) {
  const parameters = (operation.parameters ?? []).map((each) => (each.$ref ? parameterOf(nameOf(each.$ref)) : each));
  const done = Object.entries(operation.responses).find(([status]) => status < '300')?.[1];
  const answer = done?.content ? (jsonOf(done.content) ? typeOf(jsonOf(done.content)) : 'Blob') : 'void';
  const body = operation.requestBody && (jsonOf(operation.requestBody.content) ? typeOf(jsonOf(operation.requestBody.content)) : 'Blob');
  const parts = { path: parametersType(parameters, 'path'), query: parametersType(parameters, 'query'), body };
  const members = Object.entries(parts).flatMap(([name, type]) => (type ? [`${name}: ${type}`] : []));
  return `{ ${[...members, `answer: ${answer}`].join('; ')} }`;
}

/** The whole file for the parts of a document. */
export function schemaText(parts) {
  const merged = (kind) => Object.assign({}, ...parts.map((part) => part.components?.[kind] ?? {}));
  const [schemas, parameters] = [merged('schemas'), merged('parameters')];
  const paths = Object.assign({}, ...parts.map((part) => part.paths));
  const requests = Object.keys(paths).sort().flatMap((path) =>
    methods.filter((method) => paths[path][method]).map((method) => `  '${method.toUpperCase()} ${path}': ${requestType(paths[path][method], (name) => parameters[name])};`),
  );
  const named = Object.keys(schemas).sort().map((name) => `  ${key(name)}: ${typeOf(schemas[name])};`);
  return `// Made by tools/schema.mjs of the API's document; ./dev accept makes it anew.

/** What a list is narrowed by: any of its filters. */
export type Filters = Record<string, string | number | boolean | null | undefined>;

/** What answers and bodies are made of. */
export interface Schemas {
${named.join('\n')}
}

/** Every request that the studio answers. */
export interface Requests {
${requests.join('\n')}
}
`;
}

function main(given) {
  const here = fileURLToPath(new URL('..', import.meta.url));
  const [folder = `${here}../tests/snapshots/openapi`, file = `${here}src/core/schema.d.ts`] = given.filter((each) => each !== '--check');
  const parts = readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
  const text = schemaText(parts);
  if (!given.includes('--check')) return writeFileSync(file, text);
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // A file that isn't there is as stale as one can be.
  }
  if (before === text) return console.log('the types of the API are those of its document');
  console.log('console/src/core/schema.d.ts is not that of tests/snapshots/openapi: ./dev accept, or node console/tools/schema.mjs, makes it anew.');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
