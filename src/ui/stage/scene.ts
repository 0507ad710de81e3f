/** What is on show: a run with its cursor, in the words and colours of its chapter. Every panel of the lab gets one. */

import type { Dashboard, Gauge, Measure, NodePicture } from '../../core/chapter.ts';
import type { NodeId } from '../../core/id.ts';
import {
  linksOf,
  nodeAt,
  type NodeMoment,
  type PictureLink,
  type StateMoment,
} from '../../lab/picture.ts';
import { countBefore, type Recording } from '../../lab/playback.ts';
import type { RunNode } from '../../lab/run.ts';
import type { ChapterEntry, ChapterLooks } from '../../lab/lab-service.ts';
import { Palette } from '../kit/palette.ts';
import { GaugeScale } from './gauge.ts';
import { Lens } from './lens.ts';
import { RoleLooks, type RoleLook } from './looks.ts';
import type { Viewer } from './viewer.ts';

/** A node at the cursor, with its looks. */
export interface SceneNode extends NodeMoment {
  /** It has left or crashed: what it showed last is history. */
  readonly isGone: boolean;
  readonly role: string | undefined;
  readonly look: RoleLook;
  readonly badges: readonly string[];
  /** By what the chapter compares its nodes, where it does. */
  readonly gauge: Gauge | undefined;
  /** Whom the node knows now, where the chapter has such a thing. */
  readonly edges: readonly NodeId[] | undefined;
}

/** The future of another run, drawn behind the one on show. */
export interface Ghost {
  readonly recording: Recording;
  /** Before this time, in milliseconds, both are the same. */
  readonly fromMs: number;
}

const NO_MEASURES: readonly Measure[] = [];
const NO_DASHBOARDS: readonly Dashboard[] = [];
const NOBODY: readonly NodeId[] = [];

/** A chapter's view on one run. */
export class Scene {
  readonly viewer: Viewer;
  readonly palette: Palette;
  /** What the reader wants to see of it. */
  readonly lens: Lens;
  #chapterLooks: ChapterLooks = {};
  readonly #looks = new RoleLooks();
  /** Each node as it was last asked for, with how many of its events had happened: it is the same as long as none more has. */
  readonly #moments = new Map<NodeId, { readonly node: SceneNode; readonly count: number }>();
  #momentsOf: unknown;
  #silentNodes: readonly RunNode[] = [];
  #links: readonly PictureLink[] = [];
  #linksOf: readonly RunNode[] | undefined;
  #edges: readonly SceneNode['edges'][] = [];

  readonly #scale = new GaugeScale((recording, index) => {
    const event = recording.events[index]!;
    return event.kind === 'state'
      ? this.picture({ ...event, previous: undefined, index })?.gauge
      : undefined;
  });
  readonly #ghost: () => Ghost | undefined;

  /** @param ghost another future that is to be seen behind the run */
  constructor(
    viewer: Viewer,
    chapter: ChapterEntry | undefined,
    ghost: () => Ghost | undefined = () => undefined,
  ) {
    this.viewer = viewer;
    this.#ghost = ghost;
    this.lens = new Lens(() => viewer.refresh());
    this.palette = new Palette(chapter?.messageTypes);
  }

  /** Numbers over all nodes that the chapter has. */
  get measures(): readonly Measure[] {
    return this.#chapterLooks.measures ?? NO_MEASURES;
  }

  /** Charts with a heading of their own that the chapter has. */
  get dashboards(): readonly Dashboard[] {
    return this.#chapterLooks.dashboards ?? NO_DASHBOARDS;
  }

  /** How the chapter's nodes look, and what of them is counted. */
  get looks(): ChapterLooks {
    return this.#chapterLooks;
  }

  /** Nodes look, and are counted, as the chapter says from now on. */
  lookThrough(looks: ChapterLooks): void {
    this.#chapterLooks = looks;
    this.#moments.clear();
    this.#scale.clear();
    this.viewer.refresh();
  }

  /** The nodes of the run, in their order. */
  get nodes(): readonly RunNode[] {
    const { nodes, recording } = this.viewer;
    if (nodes.length > 0) return nodes;
    const ids = recording.nodes;
    const before = this.#silentNodes;
    if (ids.length !== before.length || ids.some((id, at) => before[at]!.id !== id)) {
      this.#silentNodes = ids.map((id) => ({ id, neighbours: [], settings: {} }));
    }
    return this.#silentNodes;
  }

  /** Another future, to be seen behind this one. */
  get ghost(): Ghost | undefined {
    return this.#ghost();
  }

  /** The part that a node plays at this moment in the other future; undefined where it is the same. */
  ghostRole(id: NodeId): string | undefined {
    const { ghost, viewer } = this;
    if (ghost === undefined || viewer.cursor.time < ghost.fromMs) return undefined;
    const { recording } = ghost;
    const moment = nodeAt(recording, id, recording.stepAt(viewer.cursor.time));
    const role = this.picture(moment.states[0])?.role;
    return role === this.node(id).role ? undefined : role;
  }

  /** One node at the cursor. */
  node(id: NodeId): SceneNode {
    const { recording, cursor } = this.viewer;
    if (this.#momentsOf !== recording) {
      this.#moments.clear();
      this.#momentsOf = recording;
    }
    const all = recording.track(id)?.all ?? [];
    const known = this.#moments.get(id);
    if (known !== undefined && isCount(all, known.count, cursor.step)) return known.node;
    const moment = nodeAt(recording, id, cursor.step);
    const picture = this.picture(moment.states[0]);
    const role = picture?.role;
    const { badges = [], edges, gauge } = picture ?? {};
    const isGone = moment.status === 'departed' || moment.status === 'failed';
    const look = this.#looks.of(role);
    const node = { ...moment, isGone, role, look, badges, gauge, edges };
    this.#moments.set(id, { node, count: countBefore(all, cursor.step) });
    return node;
  }

  /** How high a node is filled, from 0 to 1; undefined where its chapter compares nothing. Whoever is gone is compared no more. */
  levelOf({ gauge, isGone }: SceneNode): number | undefined {
    return isGone ? undefined : this.#scale.levelOf(gauge, this.viewer.recording);
  }

  /**
   * The links to draw: whom the nodes know now, where their chapter has such a thing, otherwise what the configuration says. The same
   * array as long as they are the same.
   */
  get links(): readonly PictureLink[] {
    const { nodes } = this;
    const edges = nodes.map(({ id }) => this.#knownBy(id));
    const isSame =
      nodes === this.#linksOf && edges.every((now, at) => areSame(now, this.#edges[at]));
    this.#edges = edges;
    if (isSame) return this.#links;
    this.#linksOf = nodes;
    this.#links = edges.every((known) => known === undefined)
      ? linksOf(nodes)
      : linksOf(nodes.map((node, at) => ({ ...node, neighbours: edges[at] ?? [] })));
    return this.#links;
  }

  /** Whether some node says now whom it knows. */
  get hasViews(): boolean {
    return this.nodes.some(({ id }) => this.node(id).edges !== undefined);
  }

  /** Whom a node knows. Whoever is gone knows nobody, whatever it said last. */
  #knownBy(id: NodeId): SceneNode['edges'] {
    const { isGone, edges } = this.node(id);
    return isGone && edges !== undefined ? NOBODY : edges;
  }

  /** What the chapter says of a state of its own algorithm; nothing of its children's. */
  picture(moment: StateMoment | undefined, state = moment?.state): NodePicture | undefined {
    if (this.#chapterLooks.view === undefined || moment === undefined || state === undefined)
      return undefined;
    if (moment.path.includes('.')) return undefined;
    try {
      return this.#chapterLooks.view(state);
    } catch {
      // A view that cannot read an odd state must not take the lab down: the state itself is shown.
      return undefined;
    }
  }
}

/** True when `count` of the ascending `indexes` are below `step`. */
function isCount(indexes: readonly number[], count: number, step: number): boolean {
  return (indexes[count - 1] ?? -1) < step && (indexes[count] ?? Infinity) >= step;
}

function areSame(a: SceneNode['edges'], b: SceneNode['edges']): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((id, at) => id === b[at]);
}
