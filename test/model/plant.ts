import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';

// Loaded before the program (`node --import`): one of its files gets a wrong rule, and everything else is as it is.

const wanted = process.env['MODEL_MUTANT'];
const mutant = mutants.find(({ name }) => name === wanted);
if (mutant === undefined) throw new Error(`no mutant called ${String(wanted)}`);
const { file, from, to } = mutant;

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(`/${file}`)) return loaded;
    const { source = '' } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
    const parts = text.split(from);
    if (parts.length !== 2)
      throw new Error(`${file} has ${parts.length - 1} places to plant "${mutant.name}" in`);
    return { ...loaded, source: parts.join(to) };
  },
});
