import { anything } from '../../../core/document/anything.js';
import { listOfPresent, struct } from '../../../core/document/collections.js';
import { decoder, nullable, refined, text } from '../../../core/document/decoder.js';
import type { PluginEntry } from '../allocator-config.js';

const onFailure = refined(text, (word, at): PluginEntry['onFailure'] => {
  if (word !== 'abort' && word !== 'continue') {
    at.error('unknown word', { hint: 'write abort (the default) or continue' });
  }
  return word === 'continue' ? 'continue' : 'abort';
});
const entryFields = struct({
  package: nullable(text),
  options: anything,
  onFailure: nullable(onFailure),
});

/** One entry of `plugins:`; a bare text is a package without options. */
const pluginEntry = decoder((at): PluginEntry | undefined => {
  const written =
    at.node.kind === 'scalar' ? { package: text.decode(at) } : (entryFields.decode(at) ?? {});
  const { package: name = '' } = written;
  if (name === '') {
    const hint =
      'write package: and the name of an installed package, or a path (./…) to its folder';
    at.field('package').error('no package', { hint, hideValue: true });
    return undefined;
  }
  return { options: undefined, onFailure: 'abort', ...written, package: name };
});

/** `plugins:` */
export const pluginList = listOfPresent(pluginEntry, 'entry in plugins');
