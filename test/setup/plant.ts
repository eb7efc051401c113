import { plantInto } from '../planting.ts';
import type { Mutant } from './mutant.ts';

// Loaded before the program (`node --import`): one of its files gets a wrong rule, and everything else is as it is.
plantInto([JSON.parse(process.env['MUTANT'] ?? '{}') as Mutant]);
