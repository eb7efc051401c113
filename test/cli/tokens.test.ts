import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/core/runs/hash.ts';
import { ana, noon } from '../cast.ts';
import { cliBench } from './cli-bench.ts';

const installed = async () => {
  const bench = await cliBench();
  const ola = { ...ana, id: 'ola', name: 'Ola', roles: ['owner'], identities: ['dev:ola'] };
  await bench.inStore(async (store) => void (await store.people.replaceFilePeople([ana, ola], noon)));
  return bench;
};

const SHAPE = /^txo_[A-Za-z0-9_-]{43}\n$/;

describe('textops token create', () => {
  test('shows the token alone on stdout, and keeps its hash only', async () => {
    const { textops, inStore } = await installed();
    const { code, out, err } = await textops('token', 'create', 'ci', 'requester', '--expires', '90d');
    expect(code).toBe(0);
    expect(out).toMatch(SHAPE);
    expect(err).toBe('The token ci may do what a service may as requester. It is shown this once.\n');
    const [kept, history] = await inStore((store) =>
      Promise.all([store.tokens.list(), store.runs.history('system')]),
    );
    expect(kept).toMatchObject([
      {
        name: 'ci',
        tokenHash: sha256Hex(out.trim()),
        roles: ['requester'],
        createdBy: 'user:cli:local',
      },
    ]);
    expect((kept[0]?.expiresAt ?? 0) - (kept[0]?.createdAt ?? 0)).toBe(90 * 24 * 60 * 60_000);
    expect(history).toMatchObject([
      { type: 'TokenCreated', actor: 'user:cli:local', payload: { name: 'ci', roles: ['requester'] } },
    ]);
    expect(JSON.stringify([kept, history])).not.toContain(out.trim());
    expect((await textops('audit', 'verify')).out).toBe('ok: 1 events in 1 chains\n');
  });

  test('as a document for scripts, and for a person', async () => {
    const { document } = await installed();
    const { schema, data } = await document('token', 'create', 'laptop', 'operator', '--person', 'ana');
    expect(schema).toBe('textops.token/v1');
    expect(data).toEqual({
      name: 'laptop',
      roles: ['operator'],
      person: 'ana',
      expiresAt: null,
      token: expect.stringMatching(/^txo_/),
    });
  });

  test('no two are alike', async () => {
    const { textops } = await installed();
    const outs = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => (await textops('token', 'create', name, 'viewer')).out),
    );
    expect(new Set(outs).size).toBe(3);
  });

  test.each([
    [['-ci', 'viewer'], 2, 'unknown option'],
    [['c i', 'viewer'], 4, '"c i" is no name for a token'],
    [['old', 'viewer'], 4, 'There is or was a token called old'],
    [['env', 'viewer'], 4, 'There is or was a token called env'],
    [['ana', 'viewer'], 4, 'ana is a person. Make it theirs with --person ana'],
    [['ci', 'ownr'], 4, 'Nothing uses the role "ownr". Did you mean owner?'],
    [['ci', 'viewer,'], 2, 'Expected a role'],
    [['ci', 'viewer', '--person', 'annn'], 4, 'Nobody is called "annn"'],
    [['ci', 'owner', '--person', 'ana'], 4, 'Ana does not have the role owner'],
    [['ci', 'viewer', '--expires', '0s'], 4, 'lives longer than no time'],
    [['ci', 'viewer', '--expires', '9999d'], 4, 'at most ten years'],
    [['ci', 'viewer', '--expires', 'soon'], 2, 'Expected a duration'],
    [['ci', 'viewer', '--as', 'ana'], 4, 'Only an owner makes and revokes tokens'],
    [['ci', 'viewer', '--as', 'zed'], 2, 'Nobody is called zed'],
  ])('%j is refused and changes nothing', async (argv, code, words) => {
    const { textops, run, inStore } = await installed();
    await textops('token', 'create', 'old', 'viewer');
    const env = { API_TOKENS: `env:viewer:${'x'.repeat(32)}` };
    const answer = await run(['token', 'create', ...argv], { env });
    expect(answer).toMatchObject({ code, out: '', err: expect.stringContaining(words) });
    expect(await inStore(async (store) => (await store.tokens.list()).length)).toBe(1);
    expect(await inStore(async (store) => (await store.runs.history('system')).length)).toBe(1);
  });
});

describe('textops token revoke', () => {
  test('is on record, once; and the name stays taken', async () => {
    const { textops, document } = await installed();
    await textops('token', 'create', 'ci', 'requester');
    expect(await textops('token', 'revoke', 'ci', '--as', 'ola')).toMatchObject({
      code: 0,
      out: 'The token ci is revoked: its next request is refused.\n',
    });
    expect((await textops('token', 'list')).out).toMatch(/^ci\trevoked\trequester\t\t20/m);
    expect((await document('token', 'list')).data).toMatchObject([{ name: 'ci', state: 'revoked' }]);
    expect(await textops('token', 'revoke', 'ci')).toMatchObject({ code: 4 });
    expect(await textops('token', 'create', 'ci', 'viewer')).toMatchObject({ code: 4 });
    expect(await textops('token', 'revoke', 'c')).toMatchObject({
      code: 3,
      err: 'No token called "c". Did you mean ci? Nothing changed.\n',
    });
    expect((await textops('audit', 'verify')).out).toBe('ok: 2 events in 1 chains\n');
  });
});
