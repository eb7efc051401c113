import { plantInto } from '../planting.ts';
import { mutants } from './mutants.ts';

// Loaded before the program (`node --import`): one of its files gets a wrong rule, and everything else is as it is.

const wanted = process.env['MODEL_MUTANT'];
const mutant = mutants.find(({ name }) => name === wanted);
if (mutant === undefined) throw new Error(`no mutant called ${String(wanted)}`);

plantInto([mutant]);
