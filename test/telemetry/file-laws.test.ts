import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type LogFilter, readLastRecords } from '../../src/telemetry/read-log.ts';
import { LOG_LEVELS } from '../../src/telemetry/record.ts';
import { rotatedPath, rotatingFile } from '../../src/telemetry/rotating-file.ts';
import { seeded } from '../seeded.ts';
import { logRecord } from './log-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'textops-file-laws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const freshPath = (): string => join(mkdtempSync(join(folder, 'log-')), 'textops.log');
const fall = (error: unknown): never => {
  throw error;
};

/** What is kept, file by file, the oldest first. */
const kept = (path: string): readonly string[] =>
  readdirSync(join(path, '..'))
    .map((name) => Number(name.slice('textops.log.'.length)))
    .toSorted((a, b) => b - a)
    .map((age) => readFileSync(rotatedPath(path, age), 'utf8'));

const seeds = [1, 2, 3, 4, 5, 6];

/** A hundred pieces of one to three lines, written by some that start anew now and then; what became of it. */
const writing = (seed: number, writersMax: number) => {
  const chance = seeded(seed);
  const upTo = (max: number): number => Math.floor(chance() * max);
  const [bytesMax, filesMax] = [20 + upTo(200), 2 + upTo(4)];
  const pieces = Array.from({ length: 100 }, (_, n) =>
    Array.from({ length: 1 + upTo(3) }, (_line, at) => `${n * 10 + at} ${'ü'.repeat(upTo(40))}\n`).join(''),
  );
  const path = freshPath();
  const open = () => rotatingFile({ path, bytesMax, filesMax, onFault: fall });
  const writers = Array.from({ length: writersMax }, open);
  for (const piece of pieces) {
    const who = upTo(writersMax);
    if (chance() < 0.1) writers[who] = open();
    writers[who]?.(piece);
  }
  return { bytesMax, filesMax, pieces, files: kept(path) };
};

const linesOf = (texts: readonly string[]): readonly string[] => texts.join('').split('\n').slice(0, -1);

describe.each(seeds)('whatever is written (%i)', (seed) => {
  test('by one, its files are the end of it, and none is larger than allowed but for a single piece', () => {
    const { bytesMax, filesMax, pieces, files } = writing(seed, 1);
    expect(files).toHaveLength(filesMax);
    expect(pieces.join('').endsWith(files.join(''))).toBe(true);
    const tooLarge = files.filter((text) => Buffer.byteLength(text) > bytesMax);
    expect(tooLarge.filter((text) => !pieces.includes(text))).toEqual([]);
  });

  test('by three, each line is kept once and whole, and the last one always', () => {
    const { filesMax, pieces, files } = writing(seed, 3);
    const [written, found] = [linesOf(pieces), linesOf(files)];
    expect(files).toHaveLength(filesMax);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((line) => !written.includes(line))).toEqual([]);
    expect(found).toContain(written.at(-1));
  });
});

describe('a log that cannot be put aside', () => {
  /** The number that the next file of this process gets: it grows with every one that is left open. */
  const nextHandle = (): number => {
    const handle = openSync(folder, 'r');
    closeSync(handle);
    return handle;
  };

  /** A folder stands where the full file should go. */
  const blocked = () => {
    const path = freshPath();
    mkdirSync(join(`${path}.1`, 'in-the-way'), { recursive: true });
    const faults: unknown[] = [];
    const write = rotatingFile({ path, bytesMax: 10, filesMax: 2, onFault: (error) => faults.push(error) });
    return { path, faults, write };
  };

  test('costs one warning, and leaves no file open, however many lines come', () => {
    const { faults, write } = blocked();
    write('the first\n');
    const before = nextHandle();
    for (let n = 0; n < 40; n += 1) write(`line ${n}\n`);
    expect(faults).toHaveLength(1);
    expect(nextHandle()).toBeLessThan(before + 10);
  });

  test('is written on as soon as it can be', () => {
    const { path, faults, write } = blocked();
    write('the first\n');
    write('lost\n');
    rmSync(`${path}.1`, { recursive: true });
    write('the next\n');
    expect(faults).toHaveLength(1);
    expect(kept(path)).toEqual(['the first\n', 'the next\n']);
  });
});

const noon = Date.UTC(2026, 10, 20, 12);

interface Wanted {
  readonly n: number;
  readonly time: number;
  readonly level: (typeof LOG_LEVELS)[number];
  readonly runId: string | null;
  readonly event: string;
  readonly msg: string;
}

const recordOf = ({ time, level, runId, event, msg }: Wanted): string =>
  JSON.stringify(logRecord({ level, time: new Date(time).toISOString(), event, msg, run_id: runId }));

const pick = <T>(items: readonly T[], chance: () => number): T =>
  items[Math.floor(chance() * items.length)] as T;

const someRecords = (chance: () => number, count: number): readonly Wanted[] =>
  Array.from({ length: count }, (_, n) => ({
    n,
    time: noon + n * 250,
    level: pick(LOG_LEVELS, chance),
    runId: pick(['K7M2QX', '4TQ9ZB', null], chance),
    event: pick(['lease.lost', 'run.approved', 'loop.faulted'], chance),
    // Words that look like what is searched for, and some that reach over several of the pieces that are read at once.
    msg: `${n} ${pick(['"K7M2QX"', '"level":"error"', 'lease.lost', '⏳'.repeat(23_000), ''], chance)}`,
  }));

/** Torn by a crash, empty, or of somebody else; none of them is a record. */
const NO_RECORDS = ['', '{"level":"error","time":', 'K7M2QX', 'null', '[]', '{"run_id":"K7M2QX"}'];

const writeInto = (path: string, records: readonly Wanted[], chance: () => number): void => {
  const sizes = [0, 0.2, 0.3, 0.9, 1].map((share) => Math.floor(share * records.length));
  for (const age of [3, 2, 1, 0]) {
    const part = records.slice(sizes[3 - age], sizes[4 - age]);
    const lines = part.flatMap((record) =>
      chance() < 0.1 ? [pick(NO_RECORDS, chance), recordOf(record)] : [recordOf(record)],
    );
    writeFileSync(rotatedPath(path, age), lines.map((line) => `${line}\n`).join(''));
  }
};

describe.each(seeds.slice(3))('what is read from the end is what a look at everything finds (%i)', (seed) => {
  const chance = seeded(100 + seed);
  const path = freshPath();
  const records = someRecords(chance, 80);
  writeInto(path, records, chance);

  const looked = (count: number, { runId, event, level, since }: LogFilter): readonly string[] =>
    records
      .filter(
        (record) =>
          (runId === undefined || record.runId === runId) &&
          (event === undefined || record.event === event) &&
          (level === undefined || LOG_LEVELS.indexOf(record.level) >= LOG_LEVELS.indexOf(level)) &&
          (since === undefined || record.time >= since),
      )
      .slice(-count)
      .map(({ msg }) => msg);

  const filters: readonly LogFilter[] = [
    {},
    { runId: 'K7M2QX' },
    { event: 'lease.lost' },
    { level: 'error' },
    { level: 'trace' },
    { since: noon + 40 * 250 },
    { runId: '4TQ9ZB', level: 'warn' },
    { runId: 'K7M2QX', event: 'run.approved', level: 'info', since: noon + 20 * 250 },
    { runId: 'NOBODY' },
  ];

  test.each(filters.map((filter) => [JSON.stringify(filter), filter] as const))(
    '%s',
    async (_text, filter) => {
      for (const count of [1, 7, 1000]) {
        const found = await readLastRecords(path, count, filter);
        expect(found.map(({ msg }) => msg)).toEqual(looked(count, filter));
      }
    },
  );
});

describe('a log that is about to change', () => {
  const record = (n: number): Wanted => ({
    n,
    time: noon + n,
    level: 'info',
    runId: null,
    event: 'run.approved',
    msg: `line ${n}`,
  });

  test('the line that is being written is no record yet, and one when it is whole', async () => {
    const path = freshPath();
    const second = recordOf(record(2));
    writeFileSync(path, `${recordOf(record(1))}\n${second.slice(0, 50)}`);
    const read = async () => (await readLastRecords(path, 5)).map(({ msg }) => msg);
    expect(await read()).toEqual(['line 1']);
    appendFileSync(path, `${second.slice(50)}\n`);
    expect(await read()).toEqual(['line 1', 'line 2']);
  });

  test('a file that is missing between others hides none of the older ones', async () => {
    const path = freshPath();
    writeFileSync(path, `${recordOf(record(2))}\n`);
    renameSync(path, `${path}.2`);
    writeFileSync(path, `${recordOf(record(3))}\n`);
    expect((await readLastRecords(path, 5)).map(({ msg }) => msg)).toEqual(['line 2', 'line 3']);
  });

  test('lines of a machine that ends them otherwise are records too', async () => {
    const path = freshPath();
    writeFileSync(path, `${recordOf(record(1))}\r\n${recordOf(record(2))}\r\n`);
    expect(await readLastRecords(path, 5)).toHaveLength(2);
  });

  test.each([-1, 0, 1])('a line may end where a piece begins that is read at once (%i)', async (off) => {
    const path = freshPath();
    const last = { ...record(2), msg: '' };
    // The pieces are counted from the end; the first character of the last one is the end of the line before.
    const msg = 'x'.repeat(64 * 1024 - 2 - recordOf(last).length + off);
    writeFileSync(path, `${recordOf(record(1))}\n${recordOf({ ...last, msg })}\n`);
    expect((await readLastRecords(path, 3)).map((found) => found.msg)).toEqual(['line 1', msg]);
  });

  test('none are asked for, none are read', async () => {
    const path = freshPath();
    writeFileSync(path, `${recordOf(record(1))}\n`);
    expect(await readLastRecords(path, 0)).toEqual([]);
  });
});
