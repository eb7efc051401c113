import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { answerJson, loopback } from '../cli/loopback.ts';

const FILE = fileURLToPath(new URL('../../deploy/Dockerfile', import.meta.url));

/** Instruction and the rest, with continued lines put together. */
const INSTRUCTIONS = readFileSync(FILE, 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }));

const all = (name: string): readonly string[] =>
  INSTRUCTIONS.filter((one) => one.name === name).map(({ rest }) => rest);

const KNOWN =
  'FROM ARG ADD COPY RUN ENV WORKDIR VOLUME USER EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD'.split(' ');

const hadolint = spawnSync('hadolint', ['--version']).status === 0;

describe('the image', () => {
  test('is made of instructions that there are', () => {
    expect(INSTRUCTIONS.filter(({ name }) => !KNOWN.includes(name))).toEqual([]);
  });

  test('is one release on a Node that the program takes, and fetches nothing else', () => {
    const [major] = /\d+/.exec(all('FROM')[0] ?? '') ?? [];
    expect(all('FROM')).toEqual([expect.stringMatching(/^node:\d+-bookworm-slim$/)]);
    expect(Number(major)).toBeGreaterThanOrEqual(24);
    expect(all('ADD')).toEqual(['${RELEASE} /app/']);
    expect(all('RUN').join('\n')).not.toMatch(/npm|apt|curl|wget/);
    expect(all('RUN').join('\n')).toContain('sha256sum --check --quiet SHA256SUMS');
  });

  test('runs as nobody in particular, is asked to end, and starts the program itself', () => {
    const order = INSTRUCTIONS.map(({ name }) => name);
    expect(all('USER')).toEqual(['node']);
    expect(order.lastIndexOf('RUN')).toBeLessThan(order.indexOf('USER'));
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM']);
    // Through a shell the signal would not arrive.
    const entry: unknown = JSON.parse(all('ENTRYPOINT')[0] ?? '');
    expect(entry).toEqual(['node', '--max-semi-space-size=8', '/app/bin/textops.js']);
    expect(JSON.parse(all('CMD')[0] ?? '')).toEqual(['start']);
  });

  test('has no secret in it', () => {
    expect(all('ENV').join(' ')).not.toMatch(/TOKEN|SECRET|PASSWORD|DATABASE_URL/);
    expect(all('ARG')).toEqual(['RELEASE']);
  });

  test('is well while the program lives, and only then', async () => {
    const command = JSON.parse(/CMD (\[.*\])$/.exec(all('HEALTHCHECK')[0] ?? '')?.[1] ?? '[]') as string[];
    const [, ...args] = command;
    let path = '';
    let status = 200;
    const { port } = await loopback((request, response) => {
      path = request.url ?? '';
      answerJson(response, {}, status);
    });
    const look = (at: number): Promise<number | null> =>
      new Promise((resolve) => {
        spawn(process.execPath, args, { env: { HTTP_PORT: String(at) } }).on('exit', resolve);
      });
    expect([await look(port), path]).toEqual([0, '/health/live']);
    status = 503;
    expect(await look(port)).toBe(1);
    expect(await look(9)).toBe(1);
  });

  test.skipIf(!hadolint)(
    `pleases hadolint${hadolint ? '' : ' (skipped: there is no hadolint on this machine)'}`,
    () => {
      expect(spawnSync('hadolint', [FILE], { encoding: 'utf8' }).stdout).toBe('');
    },
  );
});
