import { writeFile } from 'node:fs/promises';
import { getTableConfig, PgDialect, type PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../src/db/pg/schema.ts';
import { TABLE_NOTES } from '../src/db/tables/tables.ts';

/** docs/database-schema.md, written from the tables in the code so that it cannot fall behind them. */
export const schemaDoc = (): string => {
  const tables = new Map(Object.values(schema).map((table) => [getTableConfig(table).name, table] as const));
  if (tables.size !== Object.keys(TABLE_NOTES).length) throw new Error('TABLE_NOTES misses a table');
  // In the order of the notes, which is the order in which one understands them.
  const ordered = Object.keys(TABLE_NOTES).flatMap((name) => tables.get(name) ?? []);
  return [HEAD, ...ordered.map(tableDoc)].join('\n');
};

export const SCHEMA_DOC = new URL('../docs/database-schema.md', import.meta.url);

const HEAD = `# Database schema

Generated from \`src/db/tables/tables.ts\` by \`node tools/schema-doc.ts\`; a test compares. The types are PostgreSQL's; on SQLite
\`bigint\` is \`integer\`, \`bigserial\` counts by itself, and \`json\` is text. Moments are milliseconds since 1970, UTC.

Views show the queue: \`v_job_queue_backlog\` (due and for later), \`v_job_queue_in_progress\` (leases),
\`v_job_queue_dead_letter_open\` (runs that failed for good), \`v_dead_letter_all\` (those and messages, with what became of
them) and \`v_queue_health\` (a row per worker and loop: \`fresh\`, \`late\` or \`silent\`). The table
\`schema_migrations\` names the migrations that were applied, each with the SHA-256 of its file. Triggers refuse UPDATE
and DELETE on \`events\`, \`seals\` and \`seal_heads\`, INSERT OR REPLACE on SQLite, and TRUNCATE on PostgreSQL.
`;

const tableDoc = (table: PgTable): string => {
  const { name, columns, indexes, primaryKeys, foreignKeys } = getTableConfig(table);
  const note = TABLE_NOTES[name];
  if (note === undefined) throw new Error(`TABLE_NOTES says nothing about ${name}`);
  const keys = primaryKeys.map(
    (key) => `- primary key (${key.columns.map((column) => column.name).join(', ')})`,
  );
  const references = foreignKeys.map((key) => {
    const { columns: from, foreignTable, foreignColumns } = key.reference();
    const to = `${getTableConfig(foreignTable).name} (${foreignColumns.map((column) => column.name).join(', ')})`;
    return `- ${from.map((column) => column.name).join(', ')} refers to ${to}`;
  });
  const lines = [...keys, ...references, ...indexes.map(({ config }) => indexDoc(config))];
  return [
    `## ${name}`,
    '',
    note,
    '',
    '| column | type | |',
    '|---|---|---|',
    ...columns.map((column) => {
      const marks = [column.primary ? 'primary key' : '', column.notNull ? '' : 'may be null'];
      return `| \`${column.name}\` | ${column.getSQLType()} | ${marks.filter(Boolean).join(', ')} |`;
    }),
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
  ].join('\n');
};

const indexDoc = (config: ReturnType<typeof getTableConfig>['indexes'][number]['config']): string => {
  const columns = config.columns.map((column) => ('name' in column ? column.name : ''));
  const where =
    config.where === undefined ? '' : `, only where \`${new PgDialect().sqlToQuery(config.where).sql}\``;
  return `- ${config.unique ? 'unique ' : ''}index \`${config.name ?? ''}\` (${columns.join(', ')})${where}`;
};

if (import.meta.main) await writeFile(SCHEMA_DOC, schemaDoc());
