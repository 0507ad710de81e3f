/** Makes the manifest of a run: what is run, and who of those who are here runs which node. */

import { toHex } from '../../net/hex.ts';
import { planOf } from '../run-spec.ts';
import type { RoomChoice } from '../lab-service.ts';
import type { Gathering } from './gathering.ts';
import type { KeyRing } from './key-ring.ts';
import { linkCounts } from './manifest.ts';
import type { Manifest } from './messages.ts';
import { calledBy } from './room-members.ts';
import type { RoomPage } from './room-page.ts';
import { seatNodes, type Candidate } from './seating.ts';

/** Seconds that a run lasts at most unless its director says otherwise. */
const TIMEOUT_SECONDS = 30;

/** What a run is made of. */
export interface Preparation {
  readonly choice: RoomChoice;
  readonly gathering: Gathering;
  readonly keys: KeyRing;
  readonly page: Pick<RoomPage, 'find' | 'hashOf' | 'nowMs'>;
  /** This tab's, which is not in its own key ring. */
  readonly self: { readonly member: string; readonly key: string };
}

/**
 * A manifest for what was chosen.
 *
 * @throws {SeatingError} or another error with a text for people
 */
export async function prepareRun({
  choice,
  gathering,
  keys,
  page,
  self,
}: Preparation): Promise<Manifest> {
  const found = await page.find(choice.algorithm);
  const runId = toHex(crypto.getRandomValues(new Uint8Array(8)));
  const { algorithm, config, link, faults, breaks } = choice;
  const spec = {
    ...{ runId, algorithm, config, configFile: 'configuration', strict: false },
    format: choice.format ?? 'json',
    seed: choice.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]!,
    frameAuth: choice.frameAuth ?? 'signature',
    ...(link === undefined ? {} : { link }),
    ...(faults === undefined ? {} : { faults }),
    ...(breaks === undefined ? {} : { breaks }),
  };
  const { plan, pinnedKeys } = planOf(spec, found.chapter);
  const links = linkCounts(plan.nodes);
  const nodes = plan.nodes.map(({ id }) => {
    const publicKey = pinnedKeys.get(id);
    return { id, links: links.get(id)!, ...(publicKey === undefined ? {} : { publicKey }) };
  });
  const keyOf = (member: string) => (member === self.member ? self.key : keys.keyOf(member));
  return {
    spec,
    algorithmHash: page.hashOf(found),
    startedAtMs: page.nowMs(),
    timeoutSeconds: choice.timeoutSeconds ?? TIMEOUT_SECONDS,
    seats: [...seatNodes(nodes, candidates(gathering, keyOf), choice.pins)],
  };
}

/** Those who can hold nodes: who is here, has a key and WebRTC, and does not only observe. */
function candidates(
  gathering: Gathering,
  keyOf: (member: string) => string | undefined,
): readonly Candidate[] {
  return gathering.people.present().flatMap((person) => {
    const { member } = person.description;
    const key = keyOf(member);
    const { about } = person;
    const isAble = about === undefined || (!about.isObserver && about.capabilities.webrtc);
    if (key === undefined || !isAble || !gathering.isWelcome(member)) return [];
    return [{ member, key, name: calledBy(person) }];
  });
}
