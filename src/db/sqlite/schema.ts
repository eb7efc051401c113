import { defineTables } from '../tables.ts';
import { kit } from './kit.ts';

export const {
  runs,
  events,
  systemChain,
  outputs,
  inbox,
  repeats,
  outbox,
  cards,
  addresses,
  lanePauses,
  jobQueue,
  jobLater,
  jobLeases,
  queueHeartbeat,
  gates,
  jobDeadLetter,
  queuePauses,
  dispatchRepeats,
  namedLeases,
  jobs,
  jobVersions,
  people,
  identities,
  codes,
} = defineTables(kit);
