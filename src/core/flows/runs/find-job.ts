import { adHocJob, type JobVersion } from '../../jobs/job.ts';
import { isOwnName } from '../../jobs/self-test.ts';
import { maySee } from '../../people/may.ts';
import { noRight } from '../../people/refused.ts';
import { quoted } from '../../text/cards/run-words.ts';
import { nearest } from '../../text/grammar/nearest.ts';
import { noSuchJobText } from '../../text/sms/text-answers.ts';
import { asText, type Heard, type Rooms, readerOf, rightsOf, type Said } from '../messages/heard.ts';
import { isOfThisMachine } from '../writer.ts';

type Found =
  | { readonly kind: 'job'; readonly version: JobVersion }
  | { readonly kind: 'say'; readonly said: Said };

/** The job that somebody means, or what is said where there is none that they may know of. */
export const findJob = async (rooms: Rooms, heard: Heard, key: string): Promise<Found> => {
  const { inbound, person } = heard;
  const version = await rooms.store.catalog.find(key);
  if (version !== undefined && maySee(person, rightsOf(version))) return { kind: 'job', version };
  // Hidden and not there are told apart by nobody but the count.
  const hidden = version === undefined ? {} : { refusal: noRight('may_not_see') };
  const visible = (await rooms.store.catalog.list()).filter((job) => maySee(person, rightsOf(job)));
  const near = nearest(
    key,
    visible.map((job) => job.key),
  )[0];
  const brief = asText(readerOf(rooms, heard) && noSuchJobText(key, near));
  if (near !== undefined) {
    return {
      kind: 'say',
      said: {
        ...hidden,
        ...brief,
        aside: true,
        lines: [[`No job called ${quoted(key)}. Did you mean ${quoted(near)}?`]],
        actions: [
          { verb: 'rn', label: `Ask to run ${near}`, argument: near },
          { verb: 'jb', label: 'All jobs', argument: '1' },
        ],
      },
    };
  }
  // So that the dialogue can be tried on an empty catalog.
  const dev = rooms.house.profile === 'dev' && isOfThisMachine(inbound);
  if (dev && version === undefined && !isOwnName(key) && /^[a-z0-9][a-z0-9._-]{0,62}$/.test(key))
    return { kind: 'job', version: adHocJob(key) };
  if (visible.length === 0) {
    return {
      kind: 'say',
      said: {
        ...hidden,
        aside: true,
        lines: [[`No job called ${quoted(key)} that you may run. Ask an owner.`]],
      },
    };
  }
  const count = visible.length === 1 ? '1 job exists' : `${visible.length} jobs exist`;
  const words = `No job called ${quoted(key)}. ${count}: /jobs`;
  return { kind: 'say', said: { ...hidden, ...brief, aside: true, lines: [[words]] } };
};
