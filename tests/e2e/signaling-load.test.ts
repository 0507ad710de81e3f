/** A crowd and a rabble of a size for every day; tests/system has the large ones. */

import { signalingLoad } from './signaling-load.suite.ts';

signalingLoad({ frames: 1000, rooms: 3 });
