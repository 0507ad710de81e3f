/** What nodes say to one another. */

import { cast } from '../../core/message.ts';
import { hopCount, publication } from '../dissemination/interface.ts';
import { commonMessages } from '../dissemination/peers.ts';

/** Messages of {@link Flood}. */
export const messages = {
  ...commonMessages,
  /** A publication, as its origin signed it, and how far it has come. */
  carry: cast({ publication, hops: hopCount }),
};
