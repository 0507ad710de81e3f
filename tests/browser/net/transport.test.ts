/** The transports, each with its like, and those that share a wire with each other. */

import { newParty } from './negotiations.ts';
import { transportCompliance } from './transport.suite.ts';

transportCompliance('simple-peer', () => [newParty('simple-peer'), newParty('simple-peer')]);
transportCompliance('peerjs', () => [newParty('peerjs'), newParty('peerjs')]);
transportCompliance('native', () => [newParty('native'), newParty('native')]);
transportCompliance('native and simple-peer', () => [newParty('native'), newParty('simple-peer')]);
transportCompliance('simple-peer and native', () => [newParty('simple-peer'), newParty('native')]);
