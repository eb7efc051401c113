import { catalog } from './cast.ts';
import type { Kept } from './check.ts';
import type { Step } from './history.ts';

// Histories on which program and contract once differed. Every one of them is played again with every change.

const on = (luck = 0): Step => ({ do: 'on', run: 0, luck });
const ask = (key: string, chat = 0): Step => {
  const job = catalog.findIndex((one) => one.key === key);
  if (job === -1) throw new Error(`no job called ${key}`);
  return { do: 'ask', who: 0, job, chat };
};
const say = (verb: 'cancel' | 'recover'): Step => ({ do: 'say', verb, who: 0, run: 0, chat: 0 });

/** A run of the light job that a worker has, or has had, in hand. */
const running: readonly Step[] = [ask('light'), on(), on(), on()];
/** Its lease runs out, and the loops see it. */
const vanishes: Step = on(5);

/** The press reads the run, and before it goes on the loops come to it. */
const pressedInTheGap = (reads: number): Kept => ({
  name: `a button that is pressed while the run asks anew is not for that question (after ${reads} reads)`,
  dev: false,
  reaches: 'told stale',
  steps: [
    ...running,
    { do: 'reach', which: 1, off: 1 },
    {
      do: 'together',
      run: 0,
      acts: [
        { what: 7, who: 0 },
        { what: 6, who: 1 },
      ],
      order: [...Array.from({ length: reads }, () => 1), ...Array.from({ length: 30 }, () => 0)],
    },
  ],
});

export const kept: readonly Kept[] = [
  {
    name: 'a report under the lease of an approval that fell counts for nobody',
    dev: false,
    reaches: 'Dispatching to AwaitingApproval',
    steps: [
      ask('light'),
      { do: 'swap', files: 1 },
      on(),
      on(),
      on(),
      on(),
      on(),
      on(),
      { do: 'finish', lease: 0, how: 'ok' },
      { do: 'finish', lease: 1, how: 'ok' },
    ],
  },
  {
    name: 'a worker that slept through a cancel does not end the lease of the next one',
    dev: false,
    reaches: 'Dispatching to Canceled',
    steps: [
      ask('light'),
      on(),
      on(),
      say('cancel'),
      say('recover'),
      on(),
      on(),
      { do: 'begin', lease: 0 },
      { do: 'beat', lease: 1 },
      { do: 'begin', lease: 1 },
      { do: 'finish', lease: 1, how: 'ok' },
    ],
  },
  {
    name: 'a heavy job that failed is not started again by itself',
    dev: false,
    reaches: 'Running to Failed',
    steps: [ask('massive'), on(), on(), on(), on(), on(), { do: 'finish', lease: 0, how: 'failed' }],
  },
  {
    name: 'whoever answers a run that was given up hears so',
    dev: false,
    reaches: 'told given up',
    steps: [...running, vanishes, on(7), { do: 'say', verb: 'yes', who: 1, run: 0, chat: 1 }],
  },
  {
    name: 'whoever has a lost run started again from a plain door is answered',
    dev: false,
    reaches: 'told started again',
    steps: [
      ask('again', 2),
      on(),
      on(),
      on(),
      { do: 'reach', which: 1, off: 1 },
      { do: 'say', verb: 'recover', who: 0, run: 0, chat: 2 },
    ],
  },
  ...[3, 4, 5, 6, 7, 8].map(pressedInTheGap),
];
