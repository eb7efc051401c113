import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../src/core/runs/hash.ts';
import { noon } from '../world.ts';
import { browserOn, consoleWorld, seated } from './browser.ts';

const HOUR = 3_600_000;

describe('the seats of the dev profile', () => {
  test('are offered to whoever is not signed in, and lead back to where they wanted to go', async () => {
    const there = await consoleWorld();
    const browser = browserOn(there);
    const first = await browser.get('/approvals');
    expect([first.status, first.headers.get('location')]).toEqual([303, '/login?next=%2Fapprovals']);
    expect((await browser.get('/login?next=%2Fapprovals')).text).toContain('<strong>ana</strong>');
    const entered = await browser.send('/login?next=%2Fapprovals', '/login', { seat: 'bob' });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/approvals']);
    expect((await browser.get('/approvals')).text).toContain('<span class="name">Bob</span>');
  });

  test.each([
    ['outside dev', { profile: 'production' as const }, undefined],
    ['from another machine', {}, '192.168.1.9'],
  ])('are not there %s', async (_, options, peer) => {
    const browser = browserOn(await consoleWorld(options), peer);
    expect((await browser.get('/login')).text).not.toContain('name="seat"');
    expect((await browser.post('/login', { seat: 'bob' })).status).toBe(403);
    expect(browser.cookies.size).toBe(0);
  });

  test('never lead to another server', async () => {
    const there = await consoleWorld();
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:x']) {
      const entered = await browserOn(there).post('/login', { seat: 'bob', next });
      expect(entered.headers.get('location')).toBe('/');
    }
  });
});

describe('a session', () => {
  test('is a secret of the browser, of which the database has the hash', async () => {
    const there = await consoleWorld();
    const { cookies } = await seated(there, 'bob');
    const secret = cookies.get('textops-session') ?? '';
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await there.store.webSessions.find(secret)).toBeUndefined();
    expect(await there.store.webSessions.find(sha256Hex(secret))).toMatchObject({
      identity: 'web:dev:bob',
      signedInAt: noon,
    });
  });

  test('keeps its cookie from scripts and other pages, and over https from other hosts', async () => {
    const publicUrl = 'https://ops.example';
    const there = await consoleWorld({ publicUrl });
    const here = await browserOn(there).post('/login', { seat: 'bob' });
    expect(here.headers.get('set-cookie')).toMatch(/textops-session=.*; Path=\/; HttpOnly; SameSite=Lax/);
    const link = await linkOf(there, 'bob');
    const headers = { host: 'ops.example', origin: publicUrl };
    const outside = await browserOn(there).post('/login', { code: link }, { headers });
    expect(outside.headers.getSetCookie().at(-1)).toMatch(
      /^__Host-textops-session=.*HttpOnly; Secure; SameSite=Lax/,
    );
  });

  test('ends after twelve hours, and at once for whoever signs out', async () => {
    const there = await consoleWorld();
    const browser = await seated(there, 'bob');
    there.clock.at += 12 * HOUR - 1;
    expect((await browser.get('/')).status).toBe(200);
    there.clock.at += 1;
    expect((await browser.get('/')).status).toBe(303);
    const other = await seated(there, 'bob');
    const kept = new Map(other.cookies);
    expect((await other.send('/', '/logout')).status).toBe(303);
    for (const [name, value] of kept) other.cookies.set(name, value);
    expect((await other.get('/')).status).toBe(303);
  });

  test('is worth nothing to whoever guesses or changes it', async () => {
    const there = await consoleWorld();
    const browser = await seated(there, 'bob');
    const secret = browser.cookies.get('textops-session') ?? '';
    for (const forged of [sha256Hex(secret), `${secret.slice(0, -1)}_`, 'x', '']) {
      browser.cookies.set('textops-session', forged);
      expect((await browser.get('/')).status).toBe(303);
    }
  });
});

describe('the link from a chat', () => {
  test('shows whom it lets in, lets them in once, and says so on record', async () => {
    const there = await consoleWorld();
    const code = await linkOf(there, 'ana');
    const browser = browserOn(there);
    // Messengers look behind a link before anybody taps it.
    await browser.get(`/login?code=${code}`);
    expect((await browser.get(`/login?code=${code}`)).text).toContain('Sign in as Ana?');
    expect((await browser.send(`/login?code=${code}`, '/login')).status).toBe(303);
    expect((await browser.get('/')).text).toContain('<span class="name">Ana</span>');
    const second = browserOn(there);
    expect((await second.post('/login', { code })).text).toContain('used already or is too old');
    expect(second.cookies.size).toBe(0);
    const records = await there.store.runs.history('system');
    expect(records.slice(-2)).toMatchObject([
      { type: 'CodeMade', payload: { purpose: 'login' } },
      { type: 'SignedIn', actor: 'user:web:dev:ana' },
    ]);
    expect(JSON.stringify(records)).not.toContain(code);
  });

  test('lets one of two in who open it at the same moment', async () => {
    const there = await consoleWorld();
    const code = await linkOf(there, 'ana');
    const answers = await Promise.all([1, 2].map(() => browserOn(there).post('/login', { code })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 403]));
  });

  test('is void after five minutes', async () => {
    const there = await consoleWorld();
    const code = await linkOf(there, 'ana');
    there.clock.at += 5 * 60_000;
    expect((await browserOn(there).post('/login', { code })).status).toBe(403);
  });
});

const linkOf = async ({ say }: Awaited<ReturnType<typeof consoleWorld>>, from: string): Promise<string> => {
  const { json } = await say('/login', { from });
  return /login\?code=([0-9A-Z]{13})/.exec(JSON.stringify(json))?.[1] ?? '';
};
