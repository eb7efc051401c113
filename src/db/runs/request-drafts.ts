import type { Answers } from '../../core/jobs/guided.ts';
import type { IRequestDrafts, RequestDraft } from '../../core/ports/request-drafts.ts';
import { fromJson, given, toJson } from '../codec.ts';
import type { Engine } from '../engine.ts';
import { first, rows, type Steps } from '../steps.ts';

/** Closed for so long nobody answers any more. */
const KEPT_MS = 24 * 60 * 60_000;

export const requestDraftsOf = (engine: Engine): IRequestDrafts => ({
  find: (address, id) =>
    engine.read(function* () {
      const row = yield* first<Row>(`${SELECT} where address = $1 and id = $2`, address, id);
      return row === undefined ? undefined : draftOf(row);
    }),
  of: (address, personId) =>
    engine.read(function* () {
      const row = yield* first<Row>(`${SELECT} where address = $1 and person_id = $2`, address, personId);
      return row === undefined ? undefined : draftOf(row);
    }),
  isQuestion: ({ address, messageKeys }, messageId) =>
    engine.read(function* () {
      const sent = yield* rows(
        'select id from outbox where key = any($1) and address = $2 and message_id = $3 limit 1',
        messageKeys,
        address,
        messageId,
      );
      return sent.length > 0;
    }),
});

interface Row {
  readonly id: string;
  readonly address: string;
  readonly person_id: string;
  readonly job_key: string;
  readonly job_version: number;
  readonly answers: string;
  readonly asking: string;
  readonly message_keys: string;
  readonly read: string | null;
  readonly expires_at: number;
}

const COLUMNS =
  'id, address, person_id, job_key, job_version, answers, asking, message_keys, read, expires_at';

const SELECT = `select ${COLUMNS} from request_drafts`;

const draftOf = (row: Row): RequestDraft => ({
  id: row.id,
  address: row.address,
  personId: row.person_id,
  jobKey: row.job_key,
  jobVersion: row.job_version,
  answers: fromJson(row.answers) as Answers,
  asking: row.asking,
  messageKeys: fromJson(row.message_keys) as readonly string[],
  ...given('read', row.read),
  expiresAt: row.expires_at,
});

export function* keepRequestDraft(draft: RequestDraft, at: number): Steps<void> {
  yield* rows('delete from request_drafts where expires_at < $1', at - KEPT_MS);
  yield* rows(
    `insert into request_drafts (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ` +
      'on conflict (address, person_id) do update set id = excluded.id, job_key = excluded.job_key, ' +
      'job_version = excluded.job_version, answers = excluded.answers, asking = excluded.asking, ' +
      'message_keys = excluded.message_keys, read = excluded.read, expires_at = excluded.expires_at',
    draft.id,
    draft.address,
    draft.personId,
    draft.jobKey,
    draft.jobVersion,
    toJson(draft.answers),
    draft.asking,
    toJson(draft.messageKeys),
    draft.read ?? null,
    draft.expiresAt,
  );
}
