import { finishAttempt, startAttempt } from '../../../src/core/flows/runs/attempt.ts';
import { sha256Hex } from '../../../src/core/runs/hash.ts';
import { type Answer, type Call, type World, world } from '../world.ts';

/** Somebody who looks at pages and sends forms, without a script. */
export interface Browser {
  readonly get: (path: string, headers?: Call['headers']) => Promise<Answer>;
  /** Loads the page, fills in what is given, and sends its form that goes there. */
  readonly send: (page: string, action: string, filled?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Sends a form that nobody has seen on a page. */
  readonly post: (path: string, fields: Readonly<Record<string, string>>, more?: Call) => Promise<Answer>;
  readonly cookies: Map<string, string>;
}

const ORIGIN = 'http://localhost';
const FORM = 'application/x-www-form-urlencoded';

export const browserOn = ({ call }: World, peer?: string): Browser => {
  const cookies = new Map<string, string>();
  const ask = async (path: string, more: Call): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await call(path, {
      ...more,
      ...(peer === undefined ? {} : { peer }),
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...more.headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  const get: Browser['get'] = (path, headers = {}) => ask(path, { headers });
  const post: Browser['post'] = (path, fields, more = {}) =>
    ask(path, {
      ...more,
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { origin: ORIGIN, 'content-type': FORM, ...more.headers },
    });
  return {
    cookies,
    get,
    post,
    send: async (page, action, filled = {}) => {
      const { text } = await get(page);
      return post(action, { ...fieldsOf(text, action), ...filled });
    },
  };
};

/** The hidden fields of the form that goes there. */
const fieldsOf = (page: string, action: string): Readonly<Record<string, string>> => {
  const form = page.split('<form ').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`no form that goes to ${action}`);
  const inputs = form.split('</form>')[0]?.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...(inputs ?? [])].map(([, name = '', value = '']) => [name, value]));
};

/** A browser that took one of the seats of the machine. */
export const seated = async (there: World, seat: string): Promise<Browser> => {
  const browser = browserOn(there);
  const entered = await browser.post('/login', { seat });
  if (entered.status !== 303) throw new Error(`${seat} was not let in: ${entered.status}`);
  return browser;
};

/** A world with jobs, and its people in their seats. */
export const consoleWorld = async (options: Parameters<typeof world>[0] = {}): Promise<World> => {
  const there = await world(options);
  await there.addJob('backup', { target: { kind: 'command', command: ['pg-backup'], env: [] } });
  await there.addJob('db-migrate', { heavy: true });
  return there;
};

/** A browser of somebody who has signed in already, whichever way. */
export const signedInAs = async (there: World, identity: string): Promise<Browser> => {
  const secret = identity.padEnd(43, '.');
  const at = there.clock.at;
  await there.store.webSessions.open({
    idHash: sha256Hex(secret),
    identity,
    signedInAt: at,
    until: at + 12 * 3_600_000,
  });
  const browser = browserOn(there);
  browser.cookies.set('textops-session', secret);
  return browser;
};

/** What the next page says of what was done. */
export const saidTo = async (browser: Browser): Promise<string> =>
  /<p class="said (?:done|refused)" role="status">([^<]*)</.exec((await browser.get('/runs')).text)?.[1] ??
  '';

/** A run that failed for good; its dead letter waits. */
export const buried = async (there: World, line = 'run backup'): Promise<string> => {
  const runId = String((await there.say(line)).json.runId);
  await there.say(`yes ${runId}`, { from: 'bob' });
  const at = await there.store.now();
  const [claimed] = await there.store.queue.claim({ workerId: 'w1', limit: 1, at, leaseMs: 1000 });
  if (claimed === undefined) throw new Error('nothing to claim');
  await startAttempt(there.rooms, 'w1')(claimed);
  const { epoch, attempt } = claimed.entry;
  await finishAttempt(there.rooms, 'w1')(
    { runId, epoch, attempt, fence: claimed.fence },
    {
      kind: 'failed',
      reason: 'exit',
      summary: 'No space left on device',
      output: { head: '', tail: '', bytes: 0, sha256: '0'.repeat(64) },
    },
  );
  return runId;
};
