/** The chapter of publish and subscribe. */

import type { Chapter } from '../../core/chapter.ts';
import { bugs } from './bugs.ts';
import { dashboards } from './dashboards.ts';
import { faults } from './faults.ts';
import { invariants } from './invariants.ts';
import { PubSub, pubsubOver } from './pubsub.ts';
import { scenarios } from './scenarios.ts';
import type { PubsubState } from './state.ts';
import { view } from './view.ts';

export { PubSub, pubsubOver };

/** Topics, delivered once and in order. */
export const chapter: Chapter<PubsubState> = {
  name: 'pubsub',
  title: 'Publish and subscribe',
  summary: 'Messages by topics, delivered once and in the order that each subscriber chose.',
  subject: 'spreading',
  algorithm: PubSub,
  invariants,
  scenarios,
  faults,
  bugs,
  dashboards,
  view,
};
