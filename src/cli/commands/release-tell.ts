import type { Observation } from '../../core/ports/observe.ts';
import { type ReleaseNews, releaseDraft } from '../../core/text/ops/release-words.ts';
import { logObservations } from '../../telemetry/log.ts';
import type { CliContext } from '../context.ts';
import { News } from '../deploy/news.ts';
import { logFile } from '../log-file.ts';
import { packageVersion } from '../versions.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';
import { Stop } from '../voice/stop.ts';

/**
 * `textops release tell NEWS`, which `deploy` and `rollback` call of the release that serves now, because only that knows its database: a line of the
 * log, and when it is settled a message to `ops.chat` through its outbox, once.
 */
export const releaseTell = async (context: CliContext, text: string): Promise<ExitCode> => {
  const news = readNews(text);
  const { settings, config } = await context.configuration();
  const { level, format } = settings.log;
  const observe = logObservations({
    level,
    format,
    secrets: [],
    version: await packageVersion(),
    component: 'deploy',
    file: logFile(context.io.cwd),
    destination: { write: () => undefined },
  });
  observe(observed(news));
  const chat = config.catalog.ops?.chat;
  if (news.phase === 'begun' || chat === undefined) return EXIT.done;
  const draft = releaseDraft(settled(news, news.phase), chat);
  await context.withStore(async (store) =>
    store.runs.commit([{ queue: [], outbox: [draft], at: await store.now() }]),
  );
  return EXIT.done;
};

const readNews = (text: string): News => {
  try {
    return News.parse(JSON.parse(text));
  } catch (error) {
    throw new Stop(
      { code: 'USAGE', message: 'That is no news of a release; deploy and rollback tell it.' },
      error,
    );
  }
};

const observed = ({ action, phase, to, from, who, seconds, reason }: News): Observation => ({
  kind: 'release_changed',
  phase: phase === 'healthy' && action === 'rollback' ? 'rolled_back' : PHASES[phase],
  release: to,
  who,
  tookMs: Math.round(seconds * 1000),
  ...(from === null ? {} : { from }),
  ...(reason === null ? {} : { reason }),
});

const PHASES = { begun: 'started', healthy: 'healthy', returned: 'rolled_back', failed: 'failed' } as const;

const settled = (
  { at, action, to, from, who, seconds, reason }: News,
  result: ReleaseNews['result'],
): ReleaseNews => ({
  at,
  action,
  result,
  to,
  who,
  seconds,
  ...(from === null ? {} : { from }),
  ...(reason === null ? {} : { reason }),
});
