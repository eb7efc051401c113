import type { Command } from 'commander';
import {
  type CreateOptions,
  type TokenOptions,
  tokenCreate,
  tokenList,
  tokenRevoke,
} from '../commands/tokens.ts';
import type { CliContext } from '../context.ts';
import { durationMs, roles } from './option-values.ts';

type Run = (work: (context: CliContext) => Promise<number>) => () => Promise<void>;

const AS = ['--as <person>', 'with the rights of somebody'] as const;

/** Who may come in over HTTP without being a person of a provider of identities. */
export const addTokenCommands = (program: Command, run: Run): void => {
  const group = program.command('token').description('tokens of the HTTP interface');
  const create = group
    .command('create')
    .argument('<name>', 'what it is called in the history')
    .argument('<role>', 'what it may do; several with commas between', roles)
    .description('make one; it is shown once')
    .option('--person <id>', 'whose it is; it never has more rights than they do')
    .option('--expires <duration>', 'how long it is good: 12h, 90d', durationMs)
    .option(...AS);
  create.action((name: string, wanted: readonly string[]) =>
    run((context) => tokenCreate(context, { name, roles: wanted }, create.opts<CreateOptions>()))(),
  );
  group.command('list').description('all of them, revoked ones too').action(run(tokenList));
  const revoke = group
    .command('revoke <name>')
    .description('its next request is refused')
    .option(...AS);
  revoke.action((name: string) =>
    run((context) => tokenRevoke(context, name, revoke.opts<TokenOptions>()))(),
  );
};
