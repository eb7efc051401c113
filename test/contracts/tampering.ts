import type { EventPlace } from '../../src/core/ports/history.ts';
import { canonical } from '../../src/core/runs/canonical.ts';
import { GENESIS, link } from '../../src/core/runs/chain.ts';
import type { StoredEvent } from '../../src/core/runs/event.ts';
import { altered, type Loot, removeRun, rewrite, rollBack, type Sql, sealAnew, text } from './forger.ts';

/** A number from 0 up to, and without, that. */
export type Pick = (below: number) => number;

/** The same picks for the same seed. */
export const picker = (seed: number): Pick => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

export const oneOf = <T>(from: readonly T[], pick: Pick): T => {
  const found = from[pick(from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

const chainOf = ({ chains }: Loot, pick: Pick): readonly [string, readonly StoredEvent[]] =>
  oneOf([...chains], pick);

const runOf = (loot: Loot, pick: Pick): readonly [string, readonly StoredEvent[]] =>
  oneOf(
    [...loot.chains].filter(([chain]) => chain !== 'system'),
    pick,
  );

const eventOf = (loot: Loot, pick: Pick): StoredEvent => oneOf(chainOf(loot, pick)[1], pick);

const where = ({ chain, seq }: EventPlace): string => `where chain = ${text(chain)} and seq = ${seq}`;

/** The same story, told a little differently. */
const forged = (events: readonly StoredEvent[], pick: Pick): readonly StoredEvent[] => {
  const at = pick(events.length);
  return events.map((event, index) => {
    if (index !== at) return event;
    return pick(2) === 0 ? { ...event, actor: altered(event.actor, pick) } : { ...event, at: event.at + 1 };
  });
};

/** Ways to change a history behind the program, each with random particulars. None of them may go unnoticed. */
export const TAMPERINGS: Readonly<Record<string, (loot: Loot, pick: Pick) => Sql>> = {
  'a field of an event': (loot, pick) => {
    const event = eventOf(loot, pick);
    const change = oneOf(
      [
        `type = ${text(`${event.type}x`)}`,
        `at = at + ${1 + pick(1000)}`,
        `actor = ${text(altered(event.actor, pick))}`,
        `payload = ${text(canonical({ ...(event.payload as object), forged: pick(9) }))}`,
        `hash = ${text(altered(event.hash, pick))}`,
        `seq = seq + ${100 + pick(9)}`,
        `chain = 'ZZZZZZ'`,
      ],
      pick,
    );
    return [`update events set ${change} ${where(event)}`];
  },
  'an event taken out': (loot, pick) => [`delete from events ${where(eventOf(loot, pick))}`],
  'two events of a chain in each other’s place': (loot, pick) => {
    const [chain, events] = oneOf(
      [...loot.chains].filter(([, all]) => all.length > 1),
      pick,
    );
    const one = 1 + pick(events.length - 1);
    const move = (from: number, to: number): string =>
      `update events set seq = ${to} where chain = ${text(chain)} and seq = ${from}`;
    return [move(one, -1), move(one + 1, one), move(-1, one + 1)];
  },
  'events of two runs in each other’s place': (loot, pick) => {
    const [one, events] = runOf(loot, pick);
    const [other, others] = oneOf(
      [...loot.chains].filter(([name]) => name !== one),
      pick,
    );
    const seq = 1 + pick(Math.min(events.length, others.length));
    const move = (from: string, to: string): string =>
      `update events set chain = ${text(to)} where chain = ${text(from)} and seq = ${seq}`;
    return [move(one, '~'), move(other, one), move('~', other)];
  },
  'a history cut short, with a run that fits': (loot, pick) => {
    const [chain, events] = oneOf(
      [...loot.chains].filter(([, all]) => all.length > 1),
      pick,
    );
    const left = 1 + pick(events.length - 1);
    return rewrite(chain, events.slice(0, left), left);
  },
  'a history rewritten, with every hash and a run that fits': (loot, pick) => {
    const [chain, events] = chainOf(loot, pick);
    return rewrite(chain, forged(events, pick), events.length);
  },
  'a history rewritten, with the heads that seals name': (loot, pick) => {
    const [chain, events] = chainOf(loot, pick);
    const again = forged(events, pick);
    const linked = link(chain, { seq: 0, hash: GENESIS }, again);
    const heads = linked.map(
      ({ seq, hash }) => `update seal_heads set hash = ${text(hash)} ${where({ chain, seq })}`,
    );
    return [...rewrite(chain, again, events.length), ...heads];
  },
  'a history rewritten and sealed anew with another key': (loot, pick) => {
    const [chain, events] = chainOf(loot, pick);
    const again = forged(events, pick);
    const linked = link(chain, { seq: 0, hash: GENESIS }, again);
    const heads = loot.heads.map((head) =>
      head.chain === chain ? { ...head, hash: linked[head.seq - 1]?.hash ?? '' } : head,
    );
    return [...rewrite(chain, again, events.length), ...sealAnew(loot, heads)];
  },
  'a run taken out whole': (loot, pick) => removeRun(runOf(loot, pick)[0]),
  'a run taken out whole, with what seals say of it': (loot, pick) => {
    const [chain] = runOf(loot, pick);
    return [...removeRun(chain), `delete from seal_heads where chain = ${text(chain)}`];
  },
  'a run taken out whole, and sealed anew with another key': (loot, pick) => {
    const [chain] = runOf(loot, pick);
    return [
      ...removeRun(chain),
      ...sealAnew(
        loot,
        loot.heads.filter((head) => head.chain !== chain),
      ),
    ];
  },
  'a database rolled back to an earlier seal': (loot, pick) => rollBack(loot, pick(loot.seals.length)),
  'a field of a seal': ({ seals }, pick) => {
    const seal = oneOf(seals, pick);
    const change = oneOf(
      [
        'at = at + 1',
        'events = events + 1',
        'number = number + 1000',
        ...(['previous', 'heads', 'key', 'hash', 'signature'] as const).map(
          (name) => `${name} = ${text(altered(seal[name], pick))}`,
        ),
      ],
      pick,
    );
    return [`update seals set ${change} where number = ${seal.number}`];
  },
  'a seal taken out': ({ seals }, pick) => [`delete from seals where number = ${oneOf(seals, pick).number}`],
  'what a seal names': ({ heads }, pick) => {
    const head = oneOf(heads, pick);
    return [
      oneOf(
        [
          `delete from seal_heads ${where(head)}`,
          `update seal_heads set hash = ${text(altered(head.hash, pick))} ${where(head)}`,
          `update seal_heads set seq = seq + 1000 ${where(head)}`,
          `update seal_heads set seal = seal + 1 ${where(head)}`,
        ],
        pick,
      ),
    ];
  },
  'a run that is said to be sealed by a seal that is not there': (loot, pick) => {
    const [chain, events] = runOf(loot, pick);
    const more = [
      ...events,
      { type: 'RiskFlagged', at: 1, actor: 'system', payload: { score: '9', words: 'x' } },
    ];
    const last = link(chain, { seq: 0, hash: GENESIS }, more).at(-1);
    return [
      ...rewrite(chain, more, more.length),
      `insert into seal_heads (chain, seq, hash, seal) values (${[chain, more.length, last?.hash ?? '', 9999].map(text).join(', ')})`,
    ];
  },
  'a column of a run': (loot, pick) => {
    const [chain] = runOf(loot, pick);
    const change = oneOf(
      [
        "status = 'Created'",
        "address = 'dev:elsewhere'",
        "requester_id = 'eve'",
        'created_at = created_at - 1',
        'version = version - 1',
        'sealed_seq = sealed_seq + 1',
        'sealed_seq = 0',
        "head_hash = 'x'",
        `state = '{"status":"Created"}'`,
        "job_key = 'other'",
      ],
      pick,
    );
    return [`update runs set ${change} where id = ${text(chain)}`];
  },
  'what the request of a run froze': (loot, pick) => {
    const id = text(runOf(loot, pick)[0]);
    return [
      oneOf(
        [
          `delete from run_terms where run_id = ${id}`,
          `update run_terms set terms = '{}' where run_id = ${id}`,
        ],
        pick,
      ),
    ];
  },
  'the head of the records': (_, pick) => [
    `update system_chain set ${oneOf(["hash = 'x'", 'seq = seq + 1', 'sealed_seq = 0', 'seq = 0'], pick)}`,
  ],
};
