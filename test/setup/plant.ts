// Loaded before the program (`node --import`): one of its files gets a wrong rule, and everything else is as it is.
import { registerHooks } from 'node:module';
import type { Mutant } from './mutant.ts';

const { name, file, from, to } = JSON.parse(process.env['MUTANT'] ?? '{}') as Mutant;

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context);
    if (!url.endsWith(`/${file}`)) return loaded;
    const { source } = loaded;
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array());
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places to plant "${name}" in`);
    return { ...loaded, source: parts.join(to) };
  },
});
