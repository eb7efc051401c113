import { configJsonSchema } from '../../config/catalog-schema.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../voice/exit-codes.ts';

/** `textops config schema`: what editors and other tools check a configuration file with. */
export const configSchema = async ({ voice }: CliContext): Promise<ExitCode> => {
  // The schema is the document itself, so that it can be saved as it is; --json changes nothing about it.
  voice.data(JSON.stringify(configJsonSchema(), undefined, 2));
  return EXIT.done;
};
