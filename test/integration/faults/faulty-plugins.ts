/** A mechanism for discovery by what `run` does; `make` stands for what `create` gives. */
interface Faulty {
  readonly run?: string;
  readonly make?: string;
  readonly more?: string;
}

const good = `emit([{ source: 's', labels: labelSetOf([]), targets: [labelSetOf([['__address__', 'kept:1']])] }])`;
const forEver = 'await new Promise(() => {})';

/** Ways in which a plugin that could be loaded goes wrong while it runs. */
export const faultyPlugins: Readonly<Record<string, Faulty>> = {
  create_throws: { make: `(() => { throw new Error('no') })()` },
  create_gives_nothing: { make: 'undefined' },
  create_gives_no_source: { make: '({})' },
  create_never_ends: { make: 'new Promise(() => {})' },
  run_throws: { make: `({ run: () => { throw new Error('no') } })` },
  run_gives_no_promise: { make: '({ run: () => 1 })' },
  rejects: { run: `throw new Error('no')` },
  rejects_without_reason: { run: 'throw undefined' },
  never_answers: { run: forEver },
  ends_at_once: { run: '' },
  emits_null: { run: `emit(null); ${forEver}` },
  emits_text: { run: `emit('targets'); ${forEver}` },
  emits_empty_groups: { run: `emit([{}, null]); ${forEver}` },
  emits_no_labels: { run: `emit([{ source: 's', labels: 1, targets: [2] }]); ${forEver}` },
  emits_what_throws: {
    run: `emit([{ get source() { throw new Error('no') } }]); ${forEver}`,
  },
  emits_after_its_end: { run: `setInterval(() => emit(null), 50); throw new Error('no')` },
  answers_and_fails: { run: `${good}; throw new Error('no')` },
  leaks_timers: {
    run: `for (let i = 0; i < 1000; i++) setInterval(() => {}, 1000); throw new Error('no')`,
  },
  leaks_memory: {
    more: 'const kept = [];',
    run: `kept.push(new Array(250_000).fill(1)); throw new Error('no')`,
  },
  forgets_rejections: { run: `void Promise.reject(new Error('forgotten')); ${good}; ${forEver}` },
  blocks: {
    run: `for (;;) { for (const end = Date.now() + 300; Date.now() < end; ); await new Promise((next) => setTimeout(next, 700)) }`,
  },
  schema_rejects: { more: `const configSchema = schema(() => Promise.reject(new Error('no')));` },
};

/** A module with all of them, each a mechanism of its name: one plugin, since each has to be tried in a thread before. */
export function faultySource(): string {
  const all = Object.entries(faultyPlugins).map(([name, faulty]) => definition(name, faulty));
  return `
import { definePlugin, defineServiceDiscovery, labelSetOf } from 'target-allocator/plugin-api';
const schema = (validate) => ({ '~standard': { version: 1, vendor: 'test', validate } });
const provides = [];
${all.join('')}
export default definePlugin({ name: 'faulty', provides });
`;
}

function definition(name: string, { run = '', make, more = '' }: Faulty): string {
  const made = make ?? `({ run: async (emit, signal) => { ${run} } })`;
  const schema = more.includes('configSchema') ? 'configSchema,' : '';
  return `
{
  ${more}
  const create = () => ${made};
  provides.push(defineServiceDiscovery({ name: '${name}', ${schema} stability: 'alpha', create }));
}
`;
}
