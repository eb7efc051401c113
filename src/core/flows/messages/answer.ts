import type { JobVersion } from '../../jobs/job.ts';
import { mayRequest, maySee } from '../../people/may.ts';
import { noRight } from '../../people/refused.ts';
import { tally } from '../../runs/approvals.ts';
import type { LiveRun } from '../../runs/run.ts';
import { historyLines } from '../../text/cards/job-history.ts';
import { jobLines, noSuchJob } from '../../text/cards/job-words.ts';
import type { Line } from '../../text/cards/rich.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { needsId, notAnId, statusLines } from '../../text/cards/say.ts';
import type { Intent, Named } from '../../text/grammar/intent.ts';
import { whoAmIWords } from '../../text/people/people-words.ts';
import { MENU_TEXT, statusText } from '../../text/sms/text-answers.ts';
import { lettersAnswer } from '../ops/dead-letters.ts';
import { gatesAnswer } from '../ops/feature-gates.ts';
import { opsAnswer } from '../ops/ops.ts';
import { logAnswer } from '../ops/ops-log.ts';
import { logOf, summaryOf, whyOf } from '../runs/answer-run.ts';
import { listRuns, runsHere } from '../runs/list-runs.ts';
import { neverLines } from '../runs/never.ts';
import { schedulesAnswer } from '../schedules/schedules.ts';
import { lookedAt } from './find-target.ts';
import { asText, type Heard, type Rooms, readerOf, rightsOf, type Said } from './heard.ts';

type Question = Extract<
  Intent,
  {
    type:
      | 'Status'
      | 'Log'
      | 'Why'
      | 'Summary'
      | 'Jobs'
      | 'Job'
      | 'Schedules'
      | 'Runs'
      | 'Ops'
      | 'Help'
      | 'WhoAmI'
      | 'Gates'
      | 'DeadLetters'
      | 'Unknown';
  }
>;

/** Everything that only reads. */
export const answer = async (rooms: Rooms, heard: Heard, intent: Question): Promise<Said> => {
  const reader = readerOf(rooms, heard);
  switch (intent.type) {
    case 'Status':
      return intent.run.kind === 'bare' &&
        heard.inbound.kind === 'text' &&
        heard.inbound.replyTo === undefined
        ? runsHere(rooms, heard)
        : ofRun(rooms, heard, intent.run, 'status', async (run) => ({
            lines: statusLines(run),
            runId: run.runId,
            ...asText(reader && statusText(run, reader, heard.at)),
          }));
    case 'Log':
      return ofRun(rooms, heard, intent.run, 'log', (run) => logOf(rooms, run, reader));
    case 'Why':
      return ofRun(rooms, heard, intent.run, 'why', (run) => whyOf(rooms, run));
    case 'Summary':
      return ofRun(rooms, heard, intent.run, 'summary', (run) => summaryOf(rooms, heard, run));
    case 'Jobs':
      return listJobs(rooms, heard);
    case 'Job':
      return oneJob(rooms, heard, intent);
    case 'Schedules':
      return schedulesAnswer(rooms, heard);
    case 'Runs':
      return listRuns(rooms, heard, await visibleJobs(rooms, heard), intent);
    case 'Ops':
      return intent.page === 'log'
        ? logAnswer(rooms, heard, intent.about)
        : opsAnswer(rooms, heard, intent.page, reader);
    case 'Help':
      return { lines: help(heard.inbound.chat === 'group'), ...asText(reader && MENU_TEXT) };
    case 'WhoAmI':
      return {
        lines: [[whoAmIWords(heard.person, heard.inbound.from.identity, heard.inbound.chat)]],
      };
    case 'Gates':
      return gatesAnswer(rooms.store);
    case 'DeadLetters':
      return lettersAnswer(rooms, heard.person);
    case 'Unknown':
      return { lines: [[unknownWord(intent)]] };
  }
};

const ofRun = async (
  rooms: Rooms,
  heard: Heard,
  named: Named,
  verb: string,
  say: (run: LiveRun) => Promise<Said>,
): Promise<Said> => {
  if (named.kind === 'not_an_id') return { lines: [[notAnId(named.word, verb)]] };
  const { inbound } = heard;
  const replied = inbound.kind === 'text' ? inbound.replyTo : undefined;
  const runId =
    named.kind === 'id'
      ? named.runId
      : replied === undefined
        ? undefined
        : await rooms.store.runs.runOfCard(inbound.address, replied);
  if (runId === undefined) return { lines: [[needsId(verb)]] };
  const found = await lookedAt(rooms, heard.person, runId);
  return 'run' in found ? say(found.run) : found;
};

const visibleJobs = async (rooms: Rooms, heard: Heard): Promise<readonly JobVersion[]> =>
  (await rooms.store.catalog.list()).filter((job) => maySee(heard.person, rightsOf(job)));

const listJobs = async (rooms: Rooms, heard: Heard): Promise<Said> => {
  const jobs = await visibleJobs(rooms, heard);
  if (jobs.length === 0) return { lines: [['There is no job that you may ask for or decide.']] };
  const width = Math.max(...jobs.map((job) => job.key.length));
  const count = jobs.length === 1 ? '1 job' : `${jobs.length} jobs`;
  const lines = jobs.slice(0, 40).map((job): Line => [`${job.key.padEnd(width)}  ${jobSummary(job)}`]);
  const actions = jobs
    .filter((job) => mayRequest(heard.person, job.spec))
    .slice(0, 6)
    .map((job) => ({ verb: 'jd', label: job.key, argument: job.key }) as const);
  return { lines: [[`${count} · /job NAME tells more`], ...lines], actions };
};

const jobSummary = ({ spec, version }: JobVersion): string => {
  const { need } = tally(spec.approval, []);
  const parts = [
    `v${version}`,
    ...(spec.heavy ? ['HEAVY'] : []),
    ...(spec.title === '' ? [] : [spec.title]),
    ...(Object.keys(spec.params).length === 0 ? [] : [Object.keys(spec.params).join(', ')]),
    ...(need > 1 ? [`${need} approvals`] : []),
  ];
  return parts.join(' · ');
};

const oneJob = async (
  rooms: Rooms,
  heard: Heard,
  { job: key, page }: Extract<Question, { type: 'Job' }>,
): Promise<Said> => {
  const jobs = await visibleJobs(rooms, heard);
  const job = jobs.find((candidate) => candidate.key === key);
  if (job !== undefined && page === 'history') {
    return { lines: historyLines(key, await rooms.store.catalog.versions(key)) };
  }
  if (job !== undefined) {
    const asks = mayRequest(heard.person, job.spec);
    return {
      lines: [...jobLines(job), ...(await neverLines(rooms, job))],
      actions: asks ? [{ verb: 'rn', label: `Ask to run ${key}`.slice(0, 40), argument: key }] : [],
    };
  }
  const known = jobs.map((candidate) => candidate.key);
  const hidden = key === '' ? undefined : await rooms.store.catalog.find(key);
  return {
    lines: [[key === '' ? 'Which job? See /jobs' : noSuchJob(key, known)]],
    ...(hidden === undefined ? {} : { refusal: noRight('may_not_see') }),
  };
};

const help = (group: boolean): readonly Line[] => [
  ['Ask:     /run <job> [name=value …]   /jobs   /job <job> [history]'],
  [
    group
      ? 'Decide:  buttons, /yes <id>, /no <id> [reason], or a reply to the card   heavy: /resume <id>'
      : 'Decide:  buttons, or YES <id> / NO <id> [reason]   heavy: /resume <id>',
  ],
  ['Look:    /status [id]   /runs   /log <id>   /why <id>   /summary <id>   /schedules   /ops'],
  ['Stop:    /cancel <id>        Again: /recover <id>'],
  ['Clock:   /schedule <job> "0 2 * * *" [zone]   /schedule pause|resume|skip|snooze|drop <name>'],
  ['You:     /whoami   /link [code]   /unlink <account>   /prefs   /login (the web console)'],
  ['Owners:  /people   /admit <code> <role>   /revoke <person>'],
  ['Upkeep:  /gates   /deadletters   /pause   /unpause   /freeze   /unfreeze   /accept   /unaccept'],
];

const unknownWord = ({ word, near }: Extract<Intent, { type: 'Unknown' }>): string => {
  const slash = word.startsWith('/') ? '/' : '';
  if (near === undefined) return `I do not know ${quoted(word)}. Try: run hello · jobs · status · help`;
  const example = near === 'run' ? `${slash}run backup` : `${slash}${near}`;
  return `I do not know ${word.startsWith('/') ? word : quoted(word)}. Did you mean ${slash}${near}? Try: ${example}`;
};
