import { expect, test } from 'vitest';
import { freshFolder, type Program, startProgram, until } from './program.ts';

/** Somebody with a browser on the machine itself, without a script. */
const visitor = async ({ url }: Program) => {
  const post = (path: string, fields: Readonly<Record<string, string>>, cookie = ''): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
      headers: { origin: url, cookie },
    });
  const entered = await post('/login', { seat: 'ana' });
  const cookie = entered.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  const page = async (path: string): Promise<string> => {
    const headers = { accept: 'text/html', cookie: cookie.join('; ') };
    return (await fetch(`${url}${path}`, { headers })).text();
  };
  const csrf = /name="csrf" value="(\w+)"/.exec(await page('/'))?.[1] ?? '';
  const send = async (path: string, fields: Readonly<Record<string, string>>): Promise<number> =>
    (await post(path, { ...fields, csrf }, cookie.join('; '))).status;
  return {
    says: (seat: string, text: string) => send('/chat/say', { seat, text }),
    /** Taps the newest button of that label, as soon as it is there. */
    presses: async (seat: string, label: string) => {
      const form = await until(async () => {
        const forms = (await page('/chat'))
          .split('<form ')
          .filter((one) => one.includes(`>${label}</button>`));
        return forms.at(-1);
      }, 10_000);
      const field = (name: string): string =>
        new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? '';
      return send('/chat/press', { seat, message: field('message'), number: field('number') });
    },
    reads: (words: string, path = '/chat') => until(async () => (await page(path)).includes(words), 15_000),
  };
};

test('the page /chat is a messenger: a line, a card, a button, the result, which other pages count', async () => {
  const program = await startProgram(await freshFolder());
  const { says, presses, reads } = await visitor(program);
  expect(await says('ana', 'run hello name=page')).toBe(303);
  await reads('Approval needed');
  expect(await presses('bob', 'Approve')).toBe(303);
  await reads('hello, page');
  await says('ana', 'runs');
  await reads('Last runs');
  await reads('1 ended, 1 ok, 0 failed', '/');
  await reads('1 ended runs (≥ 20)', '/scorecard');
  await reads('traceability: NOT ENOUGH DATA: 1 of at least 20 ended runs', '/scorecard');
});

test('outside of the dev profile there is no such page', async () => {
  const program = await startProgram(await freshFolder('jobs: { hello: { command: ["echo", "hi"] } }\n'), {
    TEXTOPS_PROFILE: 'production',
  });
  const answer = await fetch(`${program.url}/chat`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login?next=%2Fchat']);
  const seats = await fetch(`${program.url}/login`, { headers: { accept: 'text/html' } });
  expect(await seats.text()).not.toContain('name="seat"');
});
