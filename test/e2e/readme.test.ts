import { readFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../src/cli/cli.ts';
import { parseCatalog } from '../../src/config/load-catalog.ts';
import { freshFolder, showRun, startProgram, until } from './program.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

/** The first block of a language behind a heading or marker. */
const block = (language: string, behind: string): string => {
  const rest = readme.slice(readme.indexOf(behind));
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(rest)?.[1];
  if (found === undefined) throw new Error(`README has no ${language} block behind "${behind}"`);
  return found;
};

/** What differs from run to run, made the same: ids, digests, times, durations. */
const settled = (line: string, runId: string): string =>
  line
    .replaceAll(runId, 'K7M2QX')
    .replaceAll(/digest [0-9a-f]{6}/g, 'digest 1b90aa')
    .replaceAll(/\b\d\d:\d\d\b/g, '14:02')
    .replaceAll(/\b\d+(\.\d)?(ms|s)\b/g, '0.4s')
    .trimEnd();

/** A worker that is quick enough replaces this state of the card before anybody sees it. */
const FLEETING = ['bot~ ⏳ Queued · K7M2QX', 'bot~ ▶️ Running · K7M2QX'];

/** Neither empty, nor the prompt, nor the echo of what was typed. */
const isSaid = (line: string, typed: readonly string[]): boolean =>
  line !== '' && line !== 'ana>' && !typed.includes(line);

describe('the README', () => {
  test('shows the terminal dialogue as it is', async () => {
    const folder = await freshFolder();
    const stdin = Object.assign(new PassThrough(), { isTTY: true as const });
    const screen = Object.assign(new PassThrough(), { isTTY: true as const });
    let seen = '';
    screen.on('data', (chunk) => (seen += String(chunk)));
    const ended = runCli({
      argv: ['start'],
      env: { PATH: process.env.PATH, HTTP_PORT: '0', NO_COLOR: '1' },
      stdin,
      stdout: screen,
      stderr: { write: () => true },
      cwd: folder,
      now: Date.now,
    });
    await until(() => seen.includes('Type: run hello'), 20_000);
    const expected = block('text', '## Try it').trimEnd().split('\n');
    const typed = expected.filter((line) => line.startsWith('ana> ')).map((line) => line.slice(5));
    for (const line of typed) {
      stdin.write(`${line}\n`);
      await until(() => seen.includes(line.startsWith('run') ? '[3] Details' : 'hello, world'), 20_000);
    }
    const runId = /needed · (\w{6})/.exec(seen)?.[1] ?? '';
    // Cursor movements belong to the terminal, not to the words.
    const words = seen.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '\n').replaceAll('\r', '\n');
    const lines = words.split('\n').map((line) => settled(line, runId));
    const shown = lines.slice(lines.indexOf(typed[0] ?? '')).filter((line) => isSaid(line, typed));
    const told = expected.filter((line) => !line.startsWith('ana> ')).map((line) => settled(line, 'K7M2QX'));
    stdin.end();
    expect(told.filter((line) => !FLEETING.includes(line) && !shown.includes(line))).toEqual([]);
    expect(shown.filter((line) => !told.includes(line))).toEqual([]);
    expect(await ended).toBe(0);
  });

  test('shows the HTTP dialogue as it is', async () => {
    const program = await startProgram(await freshFolder());
    let runId = 'ABC123';
    for (const { body, url, shown } of requests()) {
      const path = `${program.url}${url.replaceAll('ABC123', runId)}`;
      const answer = await until(async () => {
        const response = await fetch(path, {
          ...(body === undefined ? {} : { method: 'POST', body: body.replaceAll('ABC123', runId) }),
          headers: { 'content-type': 'application/json' },
        });
        const text = await response.text();
        if (body?.includes('run demo') === true) runId = /"runId":"(\w{6})"/.exec(text)?.[1] ?? runId;
        return text.includes(shown.replaceAll('ABC123', runId)) && text;
      }, 10_000);
      expect(answer).toContain(shown.replaceAll('ABC123', runId));
    }
    const { events } = await showRun(program, runId);
    expect(events).toHaveLength(6);
    expect(await program.stop()).toBe(0);
  });

  test('shows a textops.yaml that TextOps reads', () => {
    const result = parseCatalog(block('yaml', '## Your own bot'), {
      fileName: 'textops.yaml',
      format: 'yaml',
    });
    expect(result).toMatchObject({ ok: true });
  });
});

/** The curl lines, and what the comment below each says that it answers. */
const requests = () =>
  block('sh', '<!-- transcript')
    .split('\n\n')
    .map((part) => {
      const url = /localhost:\d+(\/\S+)/.exec(part)?.[1] ?? '';
      const body = /-d '([^']+)'/.exec(part)?.[1];
      const shown = /# … ("(?:[^"\\]|\\.)*"(?::"[^"]*")?)/.exec(part)?.[1] ?? 'nothing is shown';
      return { url, body, shown };
    });
