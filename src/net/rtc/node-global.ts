/**
 * simple-peer's dependencies were written for Node and read `global` when they are loaded, which browsers lack. It is given here and not by
 * each bundler's settings, so that pages of other people, who import Parley as a package, need no settings at all.
 */

(globalThis as { global?: unknown }).global ??= globalThis;
