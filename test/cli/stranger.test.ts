import { execFile, execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { moment } from '../../src/cli/command-line/option-values.ts';
import { recordInstalledGates } from '../../src/core/flows/ops/feature-gates.ts';
import { canonical } from '../../src/core/runs/canonical.ts';
import {
  ana,
  asks,
  backup,
  bob,
  by,
  cho,
  dbMigrate,
  minutes,
  noon,
  says,
  starts,
  succeeds,
} from '../cast.ts';
import { altered } from '../contracts/forger.ts';
import { picker } from '../contracts/tampering.ts';
import { cliBench, seedRun } from './cli-bench.ts';
import { administer, published, seal, sealedBench } from './sealed-bench.ts';

// A stranger has an export, published seals, and Python; nothing of ours.

const verifyPy = fileURLToPath(new URL('../../docs/verify/verify.py', import.meta.url));

const python = (() => {
  try {
    execFileSync('python3', ['-c', 'import sys; assert sys.version_info >= (3, 8)'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const told = python ? '' : ' (skipped: there is no python3 of 3.8 or newer)';

interface Answer {
  readonly code: number;
  readonly words: string;
}

const stranger = async (...files: readonly string[]): Promise<Answer> => {
  try {
    const { stdout } = await promisify(execFile)('python3', [verifyPy, ...files]);
    return { code: 0, words: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string }; // what execFile rejects with
    return { code, words: stderr };
  }
};

/** Words that are hard to write the same way twice. */
const awkward = 'Ünïcödé 😀 "quotes" \\ \u0001 \u2028 \uE000';

/** A history with every kind of trouble in it, sealed bit by bit and not to its end, and its export. */
const exported = async () => {
  const bench = await cliBench();
  await bench.inStore(recordInstalledGates);
  const asker = by({ ...ana, name: awkward });
  const params = { to: '0042', '😀': awkward, '\uE000': 'a', Z: 'b', 10: 'c', 9: 'd' };
  for (const [index, job] of [backup, dbMigrate, backup, dbMigrate, backup].entries()) {
    const request = asks(job, { runId: `R0000${index}`, by: asker, params });
    await bench.inStore((store) =>
      index % 2 === 0
        ? seedRun(store, request, says.yes(bob), starts(job), succeeds(1, noon, awkward))
        : seedRun(store, request, says.yes(bob), says.no(cho, noon, awkward)),
    );
    if (index < 4) await seal(bench);
  }
  const out = join(bench.cwd, 'history.jsonl');
  expect(await bench.textops('audit', 'export', '--out', out)).toMatchObject({ code: 0, out: '' });
  return { ...bench, out, lines: (await readFile(out, 'utf8')).trim().split('\n') };
};

type Line = Record<string, unknown> & { readonly kind: string };

const parsed = (lines: readonly string[]): readonly Line[] => lines.map((line) => JSON.parse(line) as Line);

/** Ways to spoil an export, by name; each gives other lines. */
const spoilings = (
  lines: readonly Line[],
  pick: (below: number) => number,
): ReadonlyMap<string, readonly Line[]> => {
  const placesOf = (kind: string): readonly number[] =>
    lines.flatMap((line, place) => (line.kind === kind ? [place] : []));
  const some = (kind: string): number => placesOf(kind)[pick(placesOf(kind).length)] ?? 0;
  const change = (place: number, over: object): readonly Line[] =>
    lines.map((line, index) => (index === place ? { ...line, ...over } : line));
  const other = (value: unknown): unknown =>
    typeof value === 'number'
      ? value + 1
      : typeof value === 'string'
        ? altered(value, pick)
        : { forged: true };
  const spoilt = new Map<string, readonly Line[]>();
  for (const kind of ['event', 'seal'] as const) {
    const fields = Object.keys(lines[some(kind)] ?? {}).filter((name) => !['kind', 'covers'].includes(name));
    for (const name of fields) {
      const place = some(kind);
      spoilt.set(`${name} of ${kind} changed`, change(place, { [name]: other(lines[place]?.[name]) }));
    }
    const place = some(kind);
    spoilt.set(`${kind} taken out`, lines.toSpliced(place, 1));
    spoilt.set(`${kind} doubled`, lines.toSpliced(place, 0, ...lines.slice(place, place + 1)));
    const [first = 0, second = 0] = placesOf(kind);
    const swapped = lines.with(first, lines[second] ?? { kind }).with(second, lines[first] ?? { kind });
    spoilt.set(`two lines of kind ${kind} swapped`, swapped);
  }
  const place = some('seal');
  const covers = (lines[place]?.covers ?? []) as readonly (readonly [string, number, string])[];
  spoilt.set('a head less', change(place, { covers: covers.slice(1) }));
  spoilt.set('a head more', change(place, { covers: [...covers, ['R00009', 1, '0'.repeat(64)]] }));
  spoilt.set(
    'another head',
    change(place, { covers: covers.map(([chain, seq]) => [chain, seq, '0'.repeat(64)]) }),
  );
  spoilt.set(
    'a whole run taken out',
    lines.filter(({ chain }) => chain !== 'R00001'),
  );
  spoilt.set('the end cut off', lines.slice(0, -1));
  spoilt.set('everything cut off', lines.slice(0, 1));
  spoilt.set('an end that was adjusted', lines.slice(0, -2).concat({ kind: 'end', events: 28, seals: 4 }));
  spoilt.set('a line of another kind', [...lines.slice(0, 3), { kind: 'note' }, ...lines.slice(3)]);
  spoilt.set('another format', change(0, { format: 2 }));
  return spoilt;
};

const written = async (path: string, lines: readonly (Line | string)[]): Promise<string> => {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(path, `${texts.join('\n')}\n`);
  return path;
};

describe.skipIf(!python)(`an export that a stranger checks with Python alone${told}`, () => {
  test('holds, and says who signed', async () => {
    const { out, cwd } = await exported();
    const { code, words } = await stranger(out);
    expect(words).toMatch(
      /^ok: a whole history, 29 events in 6 chains, 6 of them not sealed, newest seal 4\nsigned by [0-9a-f]{64}: /,
    );
    expect(code).toBe(0);
    expect((await stranger(out, published(cwd))).words).toMatch(/\nsigned by [0-9a-f]{64}\n$/);
  });

  test('does not hold, whatever is changed in it', async () => {
    const { cwd, lines } = await exported();
    const unseen: string[] = [];
    let number = 0;
    for (const [name, spoilt] of spoilings(parsed(lines), picker(7))) {
      number += 1;
      const { code, words } = await stranger(await written(join(cwd, `spoilt-${number}.jsonl`), spoilt));
      if (code !== 1 || !words.startsWith('broken: ')) unseen.push(`${name}: ${code} ${words}`);
    }
    expect(number).toBeGreaterThan(25);
    expect(unseen).toEqual([]);
  });

  test('is no proof of what was published, if it ends before it or says something else', async () => {
    const { cwd, out, lines } = await exported();
    const log = await readFile(published(cwd), 'utf8');
    const noted = await written(join(cwd, 'noted.txt'), [`5 ${'a'.repeat(64)}`]);
    expect((await stranger(out, noted)).words).toBe('broken: it ends before a seal that was published\n');
    await written(noted, [`4 ${'a'.repeat(64)}`]);
    expect((await stranger(out, noted)).words).toBe('broken: seal 4 is not the one that was published\n');
    await written(noted, [
      log
        .trim()
        .split('\n')[0]
        ?.replace(/ [0-9a-f]{64} /g, ` ${'b'.repeat(64)} `) ?? '',
    ]);
    expect((await stranger(out, noted)).words).toMatch(
      /^broken: seal 1 is signed with a key that nobody vouches for/,
    );
    // Whoever leaves runs out has to say that it is only a part.
    const part = parsed(lines).filter(({ chain }) => chain !== 'R00001');
    const end = { kind: 'end', events: part.filter(({ kind }) => kind === 'event').length, seals: 4 };
    const rest = await written(join(cwd, 'rest.jsonl'), [
      { kind: 'history', format: 1, complete: false },
      ...part.slice(1, -1),
      end,
    ]);
    expect((await stranger(rest, published(cwd))).words).toMatch(/^ok: a part of a history, /);
  });

  test('since a moment, holds whole chains and the seals from the one before', async () => {
    const bench = await sealedBench();
    await bench.inStore((store) =>
      seedRun(
        store,
        asks(backup, { runId: 'R2WXYZ', at: noon + minutes(90) }),
        says.yes(bob, noon + minutes(91)),
      ),
    );
    await seal(bench);
    const { out } = await bench.textops('audit', 'export', '--since', '2026-11-21T13:00:00Z');
    const lines = parsed(out.trim().split('\n'));
    const chains = new Set(lines.flatMap(({ chain }) => (chain === undefined ? [] : [chain])));
    expect(chains).toEqual(new Set(['R2WXYZ']));
    expect(lines[0]).toEqual({
      kind: 'history',
      format: 1,
      complete: false,
      since: '2026-11-21T13:00:00.000Z',
    });
    const path = join(bench.cwd, 'part.jsonl');
    await writeFile(path, out);
    expect((await stranger(path, published(bench.cwd))).words).toMatch(
      /^ok: a part of a history, 4 events in 1 chains, 0 /,
    );
  });

  test('shows what was changed in the database as it is, and does not hold', async () => {
    const { cwd, textops, out } = await exported();
    for (const [payload, event] of [
      ['{', 1],
      ['{"a":0.5}', 2],
      ['null', 3],
    ] as const) {
      administer(cwd, `update events set payload = '${payload}' where chain = 'R00000' and seq = ${event}`);
    }
    administer(cwd, "update events set at = 'noon' where chain = 'R00002' and seq = 1");
    await textops('audit', 'export', '--out', out);
    expect((await stranger(out)).words).toBe('broken: R00000: event 1 was changed\n');
    expect((await textops('audit', 'verify')).code).toBe(1);
  });

  test('is refused in one sentence when there is no such file, or it is something else', async () => {
    const { cwd } = await cliBench();
    expect((await stranger(join(cwd, 'nowhere'))).words).toMatch(/^broken: .*No such file/);
    expect((await stranger(await written(join(cwd, 'other'), ['{}']))).words).toBe("broken: 'kind'\n");
    expect((await stranger(await written(join(cwd, 'other'), ['hello']))).words).toMatch(
      /^broken: Expecting value/,
    );
    expect((await stranger(await written(join(cwd, 'other'), ['[]']))).code).toBe(1);
  });
});

describe('textops audit export', () => {
  test('writes canonical lines to stdout, or a file that is there when it is whole', async () => {
    const { textops, cwd, lines } = await exported();
    const { out, code } = await textops('audit', 'export');
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toEqual(lines);
    for (const line of lines) expect(line).toBe(canonical(JSON.parse(line)));
    expect(parsed(lines).at(-1)).toEqual({ kind: 'end', events: 29, seals: 4 });
    expect(await readdir(cwd)).not.toContain('history.jsonl.part');
    expect(await textops('audit', 'export', '--out', 'no/such/folder/x')).toMatchObject({ code: 1, out: '' });
  });

  test.each(['yesterday', '2026-13-01', '2026-11-01T99:00', '1'])('%s is no moment', async (since) => {
    const { textops } = await cliBench();
    const { code, err } = await textops('audit', 'export', '--since', since);
    expect(code).toBe(2);
    expect(err).toContain('Expected a duration such as 7d, or a day such as 2026-11-01.');
  });

  test('takes durations, days, and moments of any zone', () => {
    expect(moment('7d')(noon)).toBe(noon - 7 * 86_400_000);
    expect(moment('2026-11-21')(0)).toBe(Date.UTC(2026, 10, 21));
    expect(moment('2026-11-21T12:00')(0)).toBe(noon);
    expect(moment('2026-11-21T12:00Z')(0)).toBe(noon);
    expect(moment('2026-11-21T13:00+01:00')(0)).toBe(noon);
  });
});
