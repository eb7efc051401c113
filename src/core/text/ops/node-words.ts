import { type Heartbeat, hintOf } from '../../runs/heartbeat.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Instant } from '../../time/instant.ts';
import type { Line } from '../cards/rich.ts';

interface Held {
  readonly name: string;
  readonly holder: string;
  readonly until: Instant;
}

/** `/ops nodes`: which processes there are, what each does, and what only it does. Worst first. */
export const nodeLines = (
  beats: readonly Heartbeat[],
  leases: readonly Held[],
  at: Instant,
): readonly Line[] => {
  const nodes = [...new Set(beats.map(nodeOf))].map((name) =>
    nodeAt(
      name,
      beats.filter((beat) => nodeOf(beat) === name),
      at,
    ),
  );
  if (nodes.length === 0) return [['No process has been heard yet.']];
  return nodes
    .toSorted((one, other) => other.trouble.length - one.trouble.length || other.since - one.since)
    .map(({ name, work, since, trouble, agoMs }): Line => {
      const held = leases
        .filter(({ holder, until }) => holder === name && until > at)
        .map((lease) => lease.name);
      const parts = [
        `${trouble.length === 0 ? '🟢' : '🔴'} ${name}: ${work}`,
        `up ${formatDuration(Math.max(0, at - since))}`,
        `heard ${formatDuration(agoMs)} ago`,
        ...(held.length === 0 ? [] : [`alone in charge of ${held.toSorted().join(', ')}`]),
        ...(trouble.length === 0 ? [] : [`silent: ${trouble.join(', ')}`]),
      ];
      return [parts.join(' · ')];
    });
};

/** A worker is called like its process, a loop names its own behind an @. */
const nodeOf = ({ name }: Heartbeat): string => name.split('@', 2)[1] ?? name;

const nodeAt = (name: string, beats: readonly Heartbeat[], at: Instant) => {
  const slots = beats.reduce((sum, beat) => sum + beat.slots, 0);
  const loops = beats.filter(({ kind }) => kind === 'loop').length;
  const work = [
    ...(beats.some(({ kind }) => kind === 'worker') ? [`worker with ${plural(slots, 'slot')}`] : []),
    ...(loops === 0 ? [] : [plural(loops, 'loop')]),
  ];
  return {
    name,
    work: work.join(', '),
    since: Math.min(...beats.map(({ registeredAt }) => registeredAt)),
    agoMs: Math.max(0, at - Math.max(...beats.map(({ beatAt }) => beatAt))),
    trouble: beats
      .filter((beat) => hintOf(beat, at) === 'silent')
      .map((beat) => (beat.kind === 'worker' ? 'its worker' : (beat.name.split('@', 1)[0] ?? beat.name))),
  };
};

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
