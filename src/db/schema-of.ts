import { rows, type Steps } from './steps.ts';

/** A newer program may have added to the schema meanwhile; that takes nothing away from this one. */
export function* schemaOf(known: readonly string[]): Steps<{ applied: number; fits: boolean }> {
  const found = yield* rows<{ name: string }>('select name from schema_migrations');
  const applied = new Set(found.map(({ name }) => name));
  return { applied: applied.size, fits: known.every((name) => applied.has(name)) };
}
