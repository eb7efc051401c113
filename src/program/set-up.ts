import type { ProgramInput } from '../cli/program-input.ts';
import type { CatalogFile } from '../config/catalog-file.ts';

/** How this process was set up, in words for `/ops config`. Whoever may write to the bot may read it, so it names no secret and no host. */
export const setUpOf = (
  { settings, config }: Pick<ProgramInput, 'settings' | 'config'>,
  version: string,
  { jobs, schedules, people, ops }: CatalogFile,
): readonly (readonly [string, string])[] => {
  const { database, worker, queue, leaseMs, telegram, slack, twilio } = settings;
  const channels = Object.entries({ telegram, slack, sms: twilio }).flatMap(([name, own]) =>
    own === undefined ? [] : [name],
  );
  const counts = `${jobs.length} jobs, ${schedules.length} schedules, ${people.length} people`;
  return [
    ['version', `${version}, Node ${process.versions.node}`],
    ['profile', settings.profile],
    ['database', database.dialect === 'pg' ? 'PostgreSQL' : 'SQLite'],
    ['queue', `${queue}, leases of ${leaseMs / 1000} s`],
    [
      'worker',
      worker.mode === 'separate' ? 'processes of its own' : `in this process, ${worker.concurrency} slots`,
    ],
    ['channels', channels.length === 0 ? 'none over a network' : channels.join(', ')],
    ['catalog', `${config.source === 'file' ? config.fileName : 'samples'}: ${counts}`],
    ['trouble is told in', ops?.chat ?? 'no chat (ops.chat is not set)'],
  ];
};
