/** A hundred thousand malformed messages, and two thousand members. */

import { signalingLoad } from '../../e2e/signaling-load.suite.ts';

signalingLoad({ frames: 100_000, rooms: 40 });
