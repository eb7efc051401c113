import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readLastRecords } from '../../src/telemetry/read-log.ts';
import type { LogRecord } from '../../src/telemetry/record.ts';
import { rotatingFile } from '../../src/telemetry/rotating-file.ts';
import { logRecord } from './log-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'textops-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const freshPath = (): string => join(mkdtempSync(join(folder, `${(count += 1)}-`)), 'textops.log');
const fall = (error: unknown): never => {
  throw error;
};

describe('a rotating file', () => {
  test('puts full files aside and deletes the oldest', () => {
    const path = freshPath();
    const write = rotatingFile({ path, bytesMax: 10, filesMax: 3, onFault: fall });
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'six\n', 'seven\n']) write(line);
    const read = (name: string) => readFileSync(join(path, '..', name), 'utf8');
    expect(readdirSync(join(path, '..')).toSorted()).toEqual([
      'textops.log',
      'textops.log.1',
      'textops.log.2',
    ]);
    expect(read('textops.log.2')).toBe('three\n');
    expect(read('textops.log.1')).toBe('four\nfive\n');
    expect(read('textops.log')).toBe('six\nseven\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a line longer than a file stands alone in one', () => {
    const path = freshPath();
    const write = rotatingFile({ path, bytesMax: 10, onFault: fall });
    write('a line that is too long\n');
    write('next\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('a line that is too long\n');
    expect(readFileSync(path, 'utf8')).toBe('next\n');
  });

  test('goes on where it was before a restart', () => {
    const path = freshPath();
    rotatingFile({ path, onFault: fall })('before\n');
    rotatingFile({ path, onFault: fall })('after\n');
    expect(readFileSync(path, 'utf8')).toBe('before\nafter\n');
  });

  test('two processes may write the same log: each line once, and one of them puts it aside', () => {
    const path = freshPath();
    const first = rotatingFile({ path, bytesMax: 20, onFault: fall });
    const second = rotatingFile({ path, bytesMax: 20, onFault: fall });
    const lines = Array.from({ length: 8 }, (_, index) => `line ${index}\n`);
    for (const [index, line] of lines.entries()) (index % 2 === 0 ? first : second)(line);
    const kept = [3, 2, 1].map((age) => `${path}.${age}`).concat(path);
    expect(kept.map((name) => readFileSync(name, 'utf8')).join('')).toBe(lines.join(''));
  });

  test('says once that it cannot write, and writes again when it can', () => {
    const path = freshPath();
    const faults: unknown[] = [];
    const blocked = join(path, 'below-a-file');
    writeFileSync(path, '');
    const write = rotatingFile({ path: blocked, onFault: (error) => faults.push(error) });
    write('lost\n');
    write('lost\n');
    expect(faults).toHaveLength(1);
    rmSync(path);
    write('kept\n');
    expect(readFileSync(blocked, 'utf8')).toBe('kept\n');
  });
});

const noon = Date.UTC(2026, 10, 20, 12);

const line = (index: number, fields: Partial<LogRecord> = {}): string => {
  const time = new Date(noon + index * 1000).toISOString();
  return `${JSON.stringify(logRecord({ time, msg: `line ${index}`, ...fields }))}\n`;
};

const messages = (records: readonly { readonly msg: string }[]) => records.map(({ msg }) => msg);

describe('reading the log from its end', () => {
  test('gives the last records, oldest first', async () => {
    const path = freshPath();
    writeFileSync(path, [1, 2, 3, 4].map((index) => line(index)).join(''));
    expect(messages(await readLastRecords(path, 2))).toEqual(['line 3', 'line 4']);
    expect(messages(await readLastRecords(path, 99))).toHaveLength(4);
  });

  test('goes on into files that were put aside', async () => {
    const path = freshPath();
    writeFileSync(`${path}.2`, line(1));
    writeFileSync(`${path}.1`, line(2) + line(3));
    writeFileSync(path, line(4));
    expect(messages(await readLastRecords(path, 3))).toEqual(['line 2', 'line 3', 'line 4']);
    expect(messages(await readLastRecords(path, 9))).toHaveLength(4);
  });

  test('finds by run, event, level and time', async () => {
    const path = freshPath();
    const lines = [
      line(1, { run_id: 'K7M2QX' }),
      line(2, { run_id: 'K7M2QX', level: 'warn', event: 'lease.lost' }),
      line(3, { msg: 'names "K7M2QX" only in passing' }),
      line(4, { level: 'error', event: 'loop.faulted' }),
      line(5, { run_id: '4TQ9ZB', event: 'lease.lost', level: 'warn' }),
    ];
    writeFileSync(path, lines.join(''));
    const found = async (filter: Parameters<typeof readLastRecords>[2]) =>
      messages(await readLastRecords(path, 10, filter));
    expect(await found({ runId: 'K7M2QX' })).toEqual(['line 1', 'line 2']);
    expect(await found({ event: 'lease.lost' })).toEqual(['line 2', 'line 5']);
    expect(await found({ level: 'warn' })).toEqual(['line 2', 'line 4', 'line 5']);
    expect(await found({ since: noon + 4000 })).toEqual(['line 4', 'line 5']);
    expect(await found({ runId: 'K7M2QX', since: noon + 2000 })).toEqual(['line 2']);
  });

  test('characters and records across the edges of what is read at once stay whole', async () => {
    const path = freshPath();
    const wide = Array.from({ length: 300 }, (_, index) =>
      line(index, { msg: `${index} ${'⏳ü'.repeat(200)}` }),
    );
    writeFileSync(path, wide.join(''));
    expect(statSync(path).size).toBeGreaterThan(4 * 64 * 1024);
    const records = await readLastRecords(path, 300);
    expect(messages(records)).toEqual(wide.map((_, index) => `${index} ${'⏳ü'.repeat(200)}`));
  });

  test('torn lines, foreign lines and lines of another version disturb nothing', async () => {
    const path = freshPath();
    const torn = line(2).slice(0, 40);
    const foreign = 'x'.repeat(3 * 1024 * 1024);
    writeFileSync(path, `${line(1)}${torn}\n\n42\n${foreign}\n`);
    appendFileSync(path, line(3, { event: 'event.of.tomorrow', trace_id: 'abc', channel: undefined }));
    expect(messages(await readLastRecords(path, 10))).toEqual(['line 1', 'line 3']);
  });

  test('a log that is not there has nothing to say; one that cannot be read is a fault', async () => {
    expect(await readLastRecords(freshPath(), 5)).toEqual([]);
    const path = freshPath();
    writeFileSync(path, '');
    expect(await readLastRecords(path, 5)).toEqual([]);
    await expect(readLastRecords(join(path, 'below'), 5)).rejects.toThrow(/reading the log/);
  });

  test('touches only the end of a big file', async () => {
    const path = freshPath();
    // A hole costs no disk, but reading through it would take many seconds.
    writeFileSync(path, '');
    truncateSync(path, 16 * 1024 ** 3);
    appendFileSync(path, `\n${Array.from({ length: 600 }, (_, index) => line(index)).join('')}`);
    const records = await readLastRecords(path, 500);
    expect(messages(records).at(0)).toBe('line 100');
    expect(records).toHaveLength(500);
  });
});
