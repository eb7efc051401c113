import type { ScoreReadings } from './readings.ts';

/** One of the five things that an audit asks; without `holds` there was nothing to look at. */
export interface AuditPart {
  readonly name: string;
  readonly holds?: boolean;
  readonly looked: number;
  readonly why?: string;
}

export const auditParts = (readings: ScoreReadings): readonly AuditPart[] => [
  chains(readings),
  seals(readings),
  decisions(readings),
  traceable(readings),
  refusals(readings),
];

const part = (name: string, looked: number, wrong: readonly string[]): AuditPart => {
  if (looked === 0) return { name, looked };
  const [why] = wrong;
  return { name, looked, holds: why === undefined, ...(why === undefined ? {} : { why }) };
};

const chains = ({ runs, recordsBroken }: ScoreReadings): AuditPart => {
  const wrong = runs.flatMap(({ runId, broken }) =>
    broken === undefined ? [] : [`run ${runId}: ${broken}`],
  );
  // Records say whose account was whose, so what they say has to hold as well.
  const records = recordsBroken === undefined ? [] : [`chain system: ${recordsBroken}`];
  return part('chains verify', runs.length + records.length, [...records, ...wrong]);
};

const seals = ({ seals: { checked, fault } }: ScoreReadings): AuditPart =>
  part(
    'seals verify',
    fault === undefined ? checked : Math.max(1, checked),
    fault === undefined ? [] : [fault],
  );

const decisions = ({ runs, linked, window }: ScoreReadings): AuditPart => {
  const made = runs.flatMap(({ runId, decisions: all }) =>
    all.filter(({ at }) => at >= window.since && at < window.until).map((one) => ({ ...one, runId })),
  );
  const wrong = made.filter(({ who, sound }) => !sound || !linked.has(who));
  return part(
    'every decision by a linked person',
    made.length,
    wrong.map(({ runId, who }) => `run ${runId} was decided by ${who}, who is no linked person`),
  );
};

const traceable = ({ runs }: ScoreReadings): AuditPart => {
  const over = runs.filter(({ ended }) => ended !== undefined);
  return part(
    'every terminal run traceable',
    over.length,
    runs.flatMap(({ runId, gap }) => (gap === undefined ? [] : [`run ${runId}: ${gap}`])),
  );
};

/** The log and the database are told of a refusal on two ways, so that one shows what the other has forgotten. */
const refusals = ({ refusals: { logRecords, logged, counted } }: ScoreReadings): AuditPart =>
  part(
    'every refusal recorded',
    logRecords,
    Object.entries(logged).flatMap(([kind, times]) =>
      times <= (counted[kind] ?? 0)
        ? []
        : [`the log tells of ${times} ${kind}, the database of ${counted[kind] ?? 0}`],
    ),
  );
