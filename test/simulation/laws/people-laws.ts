import type { StoredEvent } from '../../../src/core/runs/event.ts';
import type { Mirror } from './mirror.ts';

/** Until when codes are good, by what they are for and who asked for them; and who came in chat. By the history alone. */
export interface Comers {
  readonly codes: Map<string, number[]>;
  readonly here: Set<string>;
}

export const newComers = (): Comers => ({ codes: new Map(), here: new Set() });

/** What the records about people say; of each only what its type has. */
interface Payload {
  readonly purpose?: string;
  readonly identity?: string;
  readonly until?: number;
  readonly by?: string;
  readonly personId?: string;
  readonly identities?: readonly string[];
}

/** CHANNELS 5: a code has one effect, in time, and for what it was made for. */
export const checkPeopleRecord = (mirror: Mirror, event: StoredEvent): void => {
  const { world, comers } = mirror;
  const {
    purpose = '',
    identity = '',
    until = 0,
    by = '',
    personId = '',
    identities = [],
  } = event.payload as Payload;
  switch (event.type) {
    case 'CodeMade':
      comers.codes.set(`${purpose} ${identity}`, [...openOf(mirror, purpose, identity), until]);
      break;
    case 'CodeVoided':
      spend(mirror, event, `${purpose} ${identity}`);
      break;
    case 'IdentityLinked':
      spend(mirror, event, `link ${by}`);
      break;
    case 'PersonAdmitted':
      spend(mirror, event, `admit ${identities[0] ?? ''}`);
      comers.here.add(personId);
      break;
    case 'PersonRevoked':
      comers.here.delete(personId);
      break;
    default:
      return;
  }
  world.counts(`record: ${event.type}`);
};

const openOf = ({ comers }: Mirror, purpose: string, identity: string): readonly number[] =>
  comers.codes.get(`${purpose} ${identity}`) ?? [];

/** Which of several codes was used is not said; taking the one that ends first accuses nobody wrongly. */
const spend = ({ world, comers }: Mirror, { type, at }: StoredEvent, name: string): void => {
  const [first, ...others] = (comers.codes.get(name) ?? [])
    .filter((until) => at < until)
    .toSorted((a, b) => a - b);
  if (first === undefined) world.breaks('one code, one effect', `${type} by no code for ${name}`);
  comers.codes.set(name, others);
};

/** Who was admitted is there until somebody revokes them, through every reload of the file, and nobody else came in chat. */
export const checkComers = ({ world, comers, reading }: Mirror): void => {
  const here = [...comers.here].toSorted().join(' ');
  const stored = reading.admitted().toSorted().join(' ');
  if (here !== stored) world.breaks('people', `"${stored}" came in chat, and the history says "${here}"`);
};
