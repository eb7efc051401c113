import type { HistoryGuards } from '../../core/ports/history.ts';
import { first, rows, type Steps } from '../steps.ts';

const TABLES = ['events', 'seals', 'seal_heads'] as const;

/** SQLite has no roles: whoever may write to the file may do anything. */
export function* guardsOnSqlite(): Steps<HistoryGuards> {
  const found = yield* rows<{ name: string }>("select name from sqlite_schema where type = 'trigger'");
  const wanted = TABLES.flatMap((table) =>
    ['update', 'delete', 'replace'].map((what) => `${table}_refuse_${what}`),
  );
  return { missing: lacking(wanted, found), editor: 'whoever may write to the file' };
}

export function* guardsOnPg(): Steps<HistoryGuards> {
  const found = yield* rows<{ name: string }>(
    "select tgname as name from pg_trigger where not tgisinternal and tgenabled in ('O', 'A') " +
      "and tgrelid in ('events'::regclass, 'seals'::regclass, 'seal_heads'::regclass)",
  );
  const wanted = TABLES.flatMap((table) => ['change', 'truncate'].map((what) => `${table}_refuse_${what}`));
  const power = yield* first<{ role: string; super: boolean; owner: boolean; granted: boolean }>(POWER);
  const may = power?.super === true || power?.owner === true || power?.granted === true;
  return { missing: lacking(wanted, found), ...(may && { editor: editorOf(power) }) };
}

const POWER =
  'select current_user as role, bool_or(r.rolsuper) as super, ' +
  "bool_or(pg_has_role(current_user, c.relowner, 'USAGE')) as owner, " +
  "bool_or(has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')) as granted " +
  'from pg_class c join pg_roles r on r.rolname = current_user ' +
  "where c.oid in ('events'::regclass, 'seals'::regclass, 'seal_heads'::regclass) group by 1";

const editorOf = (power: { role: string; super: boolean; owner: boolean }): string => {
  const why = power.super
    ? 'is a superuser'
    : power.owner
      ? 'owns its tables'
      : 'has the right to change its tables';
  return `the role ${power.role}, which the program uses and which ${why}`;
};

const lacking = (
  wanted: readonly string[],
  found: readonly { readonly name: string }[],
): readonly string[] => {
  const names = new Set(found.map(({ name }) => name));
  return wanted.filter((name) => !names.has(name));
};
