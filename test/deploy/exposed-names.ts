import { parseExposition } from '../telemetry/metrics/exposition.ts';

/** The names that can be asked for: of a histogram also its parts. */
export const namesOf = (text: string): ReadonlySet<string> =>
  new Set(
    parseExposition(text).flatMap(({ name, samples }) => [name, ...samples.map((sample) => sample.name)]),
  );
