import { addressOf, type Place, placeOf } from './address.ts';

/** Who pressed, and where: everything that it takes to answer them alone. */
export interface Pressed {
  readonly place: Place;
  readonly user: string;
}

export const pressIdOf = ({ place, user }: Pressed): string => `${user}@${addressOf(place)}`;

export const readPressId = (pressId: string): Pressed | undefined => {
  const [user = '', address = ''] = pressId.split('@');
  const place = placeOf(address);
  return place === undefined || user === '' ? undefined : { place, user };
};
