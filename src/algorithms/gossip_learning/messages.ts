/** What learners say to one another: models, never data. */

import * as v from 'valibot';
import { cast } from '../../core/message.ts';
import { boundedList } from '../roster.ts';

/** More weights are refused: a model is one message. */
export const WEIGHTS_MAX = 10_000;

const model = v.pipe(boundedList(v.pipe(v.number(), v.finite()), WEIGHTS_MAX), v.minLength(1));
const number = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Messages of {@link GossipLearning}. Each bears the sender's running number, so that a copy is known for what it is. */
export const messages = {
  /** Here is my model; nothing is asked for. */
  push: cast({ number, model }, { via: 'gossip' }),
  /** Here is my model, and I want yours. */
  pushpull: cast({ number, model }),
  /** Here is mine, to your message of this number. */
  reply: cast({ number, model }),
  /** I am in the middle of an exchange myself: nothing has happened, ask somebody else. */
  cancel: cast({ number }),
};
