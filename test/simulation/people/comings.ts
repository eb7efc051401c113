import { NOBODY } from '../time/virtual-time.ts';
import { act, type Scene } from './acts.ts';
import { NOTHING } from './mouth.ts';
import { GROUP, type Name, privateChat } from './residents.ts';

/** Zed is let in, or becomes somebody's second account, and does not stay for ever; others try the same without a right. */
export const comesAndGoes = (scene: Scene): void => {
  const story = scene.world.dice.people.weighted([
    [4, isAdmitted],
    [2, isLinked],
    [1, tries],
  ]);
  story(scene);
};

const isAdmitted = (scene: Scene): void => {
  const { world } = scene;
  const dice = world.dice.people;
  const roles = dice.pick(['approver', 'operator,approver', 'dba,approver']) ?? 'approver';
  says(scene, 'zed', '/link');
  later(scene, [2000, 8000], () => {
    const words = `/admit ${codeOf(scene)} ${roles}`;
    says(scene, 'olga', words);
    if (dice.chance(0.3)) says(scene, 'pat', words);
  });
  later(scene, [6000, 15_000], () => act(scene, 'approve', 'zed'));
  later(scene, [8000, 25_000], () => act(scene, 'approve', 'zed'));
  if (dice.chance(0.7)) later(scene, [8000, 40_000], () => says(scene, 'olga', '/revoke zed'));
};

/** Four eyes of one person, or an account that asked as somebody else. */
const isLinked = (scene: Scene): void => {
  const dice = scene.world.dice.people;
  const who = dice.pick<Name>(['bob', 'fay', 'cho']) ?? 'bob';
  says(scene, 'pat', '/revoke zed');
  later(scene, [500, 2000], () => says(scene, who, '/link'));
  later(scene, [3000, 9000], () => {
    const words = `link ${codeOf(scene)}`;
    says(scene, 'zed', words);
    if (dice.chance(0.3)) says(scene, 'zed', words);
  });
  later(scene, [6000, 15_000], () => act(scene, 'approve', 'zed'));
  later(scene, [6000, 15_000], () => act(scene, 'approve', who));
  if (dice.chance(0.8)) later(scene, [10_000, 40_000], () => says(scene, who, '/unlink telegram:99'));
};

const tries = (scene: Scene): void => {
  const { world, chats } = scene;
  const dice = world.dice.people;
  const code = dice.pick(chats.codes) ?? '0000-0000-0000-0';
  const [who, text] = dice.weighted<readonly [Name, string]>([
    [1, ['cho', `/admit ${code} owner`]],
    [1, ['olga', `/admit ${code} viewer`]],
    [1, ['zed', `link ${code}`]],
    [1, ['eve', `link ${code}`]],
    [1, ['olga', '/revoke bob']],
    [1, ['ana', '/revoke zed']],
    [1, ['zed', '/unlink telegram:42']],
  ]);
  says(scene, who, text);
};

/** The newest code that anybody was told; sometimes it was told to somebody else. */
const codeOf = ({ chats }: Scene): string => chats.codes.at(-1) ?? '0000-0000-0000-0';

/** In private, or by mistake in the group. */
const says = ({ world, mouth }: Scene, who: Name, text: string): void =>
  mouth.says(who, world.dice.people.chance(0.07) ? GROUP : privateChat(who), text, NOTHING);

const later = ({ world }: Scene, [from, to]: readonly [number, number], then: () => void): void =>
  void world.time.after(world.dice.people.between(from, to), then, NOBODY);
