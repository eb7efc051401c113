import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '../src/cli/cli.ts';
import { type FakeTelegram, startFakeTelegram } from '../test/fakes/telegram-server.ts';
import { pause, until } from './measure.ts';
import { freshFolder, startProgram } from './program.ts';
import { keep, machine, machineWords } from './report.ts';

// A real program under a steady load of dialogues for so long, and what the scorecard says about that time. The load is people
// who ask, approve, start, look on and are refused, and a provider whose polls fail now and then.

const MINUTES = minutesOf(process.argv);
const PEOPLE = 12;
/** One dialogue begins so often; Telegram lets a bot say about one message a second in a chat. */
const EVERY_MS = 2000;
const FAULT_EVERY_MS = 12_000;
const ANSWER_MS = 30_000;
const TOKEN = 'soak-token-0123456789-0123456789-0123456789';

const ids = Array.from({ length: PEOPLE }, (_, index) => 2001 + index);
/** May look on and nothing else. */
const GUEST = 2999;

const catalog = `
jobs:
  light: { title: Answer at once, command: ["true"], approval: { self: true } }
  heavy: { title: Take a moment, command: ["sleep", "0.2"], heavy: true, approval: { self: true } }
  drill: { title: Always the same, command: ["true"], approval: { self: true } }
people:
${ids.map((id) => `  p${id}: { identities: ["telegram:${id}"], roles: [operator, approver] }`).join('\n')}
  guest: { identities: ["telegram:${GUEST}"], roles: [viewer] }
`;

const folder = await freshFolder(catalog);
await evidenceInto(join(folder, 'evidence'));
const fake = await startFakeTelegram({ quirks: false });
for (const id of [...ids, GUEST]) fake.addUser({ firstName: `P${id}`, id });
const program = await startProgram({
  folder,
  env: {
    TEXTOPS_PROFILE: 'production',
    TELEGRAM_BOT_TOKEN: fake.token,
    TELEGRAM_API_ROOT: fake.url,
    API_TOKENS: `soak:operator:${TOKEN}`,
    LOG_LEVEL: 'info',
  },
});
await until('the first poll', fake.isPolled);
const drilled = drill();
const tally = await load(Date.now() + MINUTES * 60_000);
await drilled;
const page = await textops('scorecard', '--minutes', String(MINUTES));
const asJson = await textops('--json', 'scorecard', '--minutes', String(MINUTES));
await program.stop();
await fake.close();
await report();

async function load(end: number) {
  const counts = { dialogues: 0, heavy: 0, refused: 0, faults: 0, late: 0 };
  const going: Promise<void>[] = [];
  let nextFault = Date.now() + FAULT_EVERY_MS;
  for (let index = 0; Date.now() < end - ANSWER_MS / 2; index += 1) {
    const id = ids[index % PEOPLE] ?? 0;
    const kind = index % 4 === 3 ? 'heavy' : 'light';
    counts.dialogues += 1;
    if (kind === 'heavy') counts.heavy += 1;
    going.push(dialogue(id, kind).catch(() => void (counts.late += 1)));
    if (index % 10 === 9) {
      counts.refused += 1;
      fake.person(GUEST).tells('/run light');
    }
    if (Date.now() > nextFault) {
      counts.faults += 1;
      fake.nextFault('getUpdates', counts.faults % 2 === 0 ? 'drop_before' : { status: 502 });
      nextFault = Date.now() + FAULT_EVERY_MS;
    }
    await pause(EVERY_MS);
  }
  await Promise.all(going);
  return counts;
}

/** Asks, approves, starts what does not start by itself, and waits for the end. */
async function dialogue(id: number, kind: 'light' | 'heavy'): Promise<void> {
  const person = fake.person(id);
  const asked = person.tells(`/run ${kind}`);
  const card = () => cardOf(fake, id, asked.message_id);
  await press(id, card, 'Approve');
  if (kind === 'heavy') await press(id, card, 'Start now');
  await until('its end', () => /Succeeded/i.test(card()?.text ?? ''), { deadlineMs: ANSWER_MS, everyMs: 50 });
}

function cardOf(telegram: FakeTelegram, id: number, asked: number) {
  return telegram.botMessages(id).find((message) => message.replyTo === asked);
}

async function press(id: number, card: () => ReturnType<typeof cardOf>, label: string): Promise<void> {
  const shows = (): boolean =>
    card()
      ?.buttons.flat()
      .some((button) => button.label === label) ?? false;
  await until(label, shows, { deadlineMs: ANSWER_MS, everyMs: 50 });
  const message = card();
  if (message !== undefined) fake.person(id).presses(message, label);
}

/** A rerun of the same request five times over HTTP; somebody finds each of them waiting and says yes. */
async function drill(): Promise<void> {
  await writeFile(join(folder, 'token'), TOKEN);
  const asked = textops('drill', 'consistency', 'drill', '--token-file', 'token', '--timeout', '2m');
  const approved = new Set<string>();
  const waits = { on: true };
  void asked.finally(() => {
    waits.on = false;
  });
  while (waits.on) {
    const { data } = JSON.parse(
      await textops('--json', 'runs', '--job', 'drill', '--status', 'AwaitingApproval'),
    ) as { readonly data: readonly { readonly runId: string }[] };
    for (const { runId } of data.filter((run) => !approved.has(run.runId))) {
      approved.add(runId);
      fake.person(ids[0] ?? 0).tells(`/approve ${runId}`);
    }
    await pause(500);
  }
  process.stdout.write(await asked);
}

async function textops(...argv: readonly string[]): Promise<string> {
  const out: string[] = [];
  await runCli({
    argv: [...argv, '--server', program.url],
    env: { TEXTOPS_PROFILE: 'production', DATABASE_URL: `file:${join(folder, 'data', 'textops.db')}` },
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => process.stderr.write(text) },
    stdin: process.stdin,
    cwd: folder,
    now: Date.now,
  });
  return out.join('');
}

/** What this checkout has tried out beside the program counts for it here as well. */
async function evidenceInto(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of ['invariants.json', 'chaos.jsonl']) {
    await copyFile(join(import.meta.dirname, '../evidence', name), join(to, name)).catch(() => undefined);
  }
}

async function report(): Promise<void> {
  const { dialogues, heavy, refused, faults, late } = tally;
  const words =
    `## Soak: ${MINUTES} minutes of dialogues\n\n` +
    `\`npm run soak -- --minutes ${MINUTES}\` · ${machineWords(machine())}\n\n` +
    `${dialogues} dialogues over a fake Bot API, ${heavy} of them heavy, ${refused} refused requests, ${faults} polls that ` +
    `failed, ${late} dialogues without their end in time; SQLite, production profile.\n\n`;
  const text = `${words}${page.replaceAll(/^#/gm, '###')}`;
  process.stdout.write(text);
  const { data } = JSON.parse(asJson) as {
    readonly data: { readonly verdict: string; readonly lines: readonly { readonly outcome: string }[] };
  };
  await keep('soak', text, { ...machine(), minutes: MINUTES, ...tally, scorecard: data });
  // A short soak has too little of some things; what it must not have is a line that failed.
  process.exitCode = data.lines.some(({ outcome }) => outcome === 'FAIL') ? 1 : 0;
}

function minutesOf(argv: readonly string[]): number {
  const at = argv.indexOf('--minutes');
  const minutes = at < 0 ? 10 : Number(argv[at + 1]);
  if (Number.isInteger(minutes) && minutes > 0) return minutes;
  throw new Error('--minutes takes a whole number of minutes');
}
