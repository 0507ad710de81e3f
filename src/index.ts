/**
 * Parley: write a distributed algorithm once, run it in a deterministic simulator, in workers and in browser tabs over WebRTC.
 *
 * ```ts
 * import { cast, defineAlgorithm } from '@parley-lab/parley';
 * import * as v from 'valibot';
 *
 * const messages = { greeting: cast({ text: v.string() }) };
 * const settings = { is_first: v.optional(v.boolean(), false) };
 *
 * export class Greeting extends defineAlgorithm('greeting', { messages, settings }) {
 *   override onStart() {
 *     if (!this.settings.is_first) return;
 *     void this.toAll.greeting({ text: `hello from ${this.id}` });
 *     this.terminate();
 *   }
 *   handlers = this.on({
 *     greeting: (src, { text }) => {
 *       this.log.info(`${src} says: ${text}`);
 *       this.terminate();
 *     },
 *   });
 * }
 * ```
 *
 * `npx parley run -c greeting.yaml -a ./greeting.ts` runs it; `parley new NAME` writes a first one to change.
 *
 * @packageDocumentation
 */

// Writing an algorithm.
export {
  Algorithm,
  defineAlgorithm,
  isAlgorithmClass,
  ParentAlgorithm,
  type AlgorithmClass,
  type AnyDefinition,
  type ChildRecord,
  type Definition,
  type Deliveries,
} from './core/algorithm.ts';
export { anyValue } from './core/any-value.ts';
export { assert } from './core/assert.ts';
export type { NodeId } from './core/id.ts';
export { compareIds } from './core/id.ts';
export {
  cast,
  request,
  type Broadcasts,
  type CallOptions,
  type Calls,
  type Cast,
  type Handlers,
  type Input,
  type MessageRecord,
  type Output,
  type Peer,
  type Request,
} from './core/message.ts';
export type { Fields, FieldsInput, FieldsOutput, Schema } from './core/schema.ts';
export { isSigned, signed, type AnySigned, type Signed, type SignedSchema } from './core/signed.ts';
export { toValue, type Value, type ValueMap } from './core/value.ts';
export type { Clock, LogLevel, Logger, Signer, Store, Survival, Timer } from './core/ports.ts';
export type { LogChange, LogState, LogStore } from './core/log-store.ts';
export type { SnapshotInfo, SnapshotStore } from './core/snapshot-store.ts';
export { Random } from './core/random.ts';
export type { Rules } from './core/rules.ts';

// Writing it as a machine: a pure function from inputs to effects.
export {
  defineMachine,
  type Effect,
  type Machine,
  type MachineBase,
  type MachineDefinition,
  type MachineInput,
  type MachineSeat,
  type Out,
} from './core/machine.ts';
export { driven, type MachineAlgorithm } from './core/machine-driver.ts';
export { StatePart } from './core/machine-state.ts';

// What can go wrong at its call sites.
export {
  Aborted,
  MessageTooLarge,
  messageOf,
  PeerGone,
  Refusal,
  RemoteError,
  RequestTimeout,
  SchemaError,
  ValueError,
  type RemoteErrorCode,
} from './core/errors.ts';
export {
  CorruptRecord,
  StorageError,
  StorageFull,
  StorageLost,
  StorageTaken,
} from './core/storage-error.ts';

// Describing it: a chapter is an algorithm with its properties, its runs to look at and its picture.
export { bug, GOOD_END, withBugs, type Bug, type Exhibit } from './core/bug.ts';
export type { Chapter, Measure, NodePicture, Scenario } from './core/chapter.ts';
export {
  Application,
  defineApplication,
  type ApplicationClass,
  type ApplicationDefinition,
} from './core/application.ts';
export {
  hostOf,
  type ApplicationRecord,
  type HostClass,
  type ViewSample,
} from './algorithms/application-host.ts';
export type { GlobalView, Invariant, NodeView } from './core/invariant.ts';
export type {
  Adversary,
  MessageView,
  NodeFacts,
  SituationView,
  SmallWorld,
} from './core/small-world.ts';

// Judging what happened: histories of clients, and whole traces.
export { checkConvergence, type Replica } from './check/convergence.ts';
export { EventualWatch, type Eventually } from './check/eventually.ts';
export {
  operationsOf,
  HistoryError,
  type EventType,
  type HistoryEvent,
  type Operation,
} from './check/history.ts';
export { readHistories, HistoryFileError, type History } from './check/history-file.ts';
export {
  checkLinearizability,
  type LinearizabilityVerdict,
} from './check/linearizability/linearizability.ts';
export { ModelError, type Call, type Model } from './check/models/model.ts';
export { MODELS } from './check/models/models.ts';
export { TraceMerge, type TraceSource } from './check/trace/merge.ts';
export { compareTraces, type TraceDifference } from './check/trace/trace-diff.ts';
export { TraceJudge, type TraceFinding } from './check/trace/trace-judge.ts';
export { TraceCount, type TraceSummary } from './check/trace/trace-summary.ts';
export type { Anomaly, Validity, Verdict } from './check/verdict.ts';
export { WORKLOADS, type Judge, type WorkloadOptions } from './check/workloads/workloads.ts';

// Running it.
export { ConfigError, type ConfigProblem } from './core/config/config-error.ts';
export { loadConfig } from './core/config/load-config.ts';
export type { FormatName, NodeResult, RunMode, RunResult } from './core/result.ts';
export { endedWell, hasEnded, type NodeStatus } from './core/status.ts';
export type { DropReason, MessageId, TraceEvent, TraceSink } from './core/trace.ts';
export type { PlannedNode, RunPlan, SettingsTree } from './runtime/plan.ts';
export {
  DEFAULT_LATENCY_MS,
  Simulation,
  type Latency,
  type SimulationOptions,
  type SimulationResult,
} from './runtime/simulator.ts';
export { TraceHash, traceLine } from './runtime/trace-file.ts';
export { planOf, type RunSpec } from './lab/run-spec.ts';

// Trying everything that can happen to it, in a small world.
export type { History as SearchHistory } from './runtime/search/history.ts';
export { SearchError } from './runtime/search/search-error.ts';
export type {
  Bounds,
  Figures,
  Goal,
  SearchOptions,
  SearchResult,
  Strategy,
} from './runtime/search/search-options.ts';
export { search } from './runtime/search/search.ts';
export type { Step } from './runtime/search/story.ts';
export type { Symmetry } from './runtime/search/symmetry.ts';
export type { Abstraction } from './runtime/search/world.ts';

// Raft for a program of one's own.
export { RaftError, type TryOptions } from './lab/raft/client.ts';
export {
  createRaft,
  type BareRaftOptions,
  type MemberChange,
  type RaftEvent,
  type RaftNode,
  type RaftOptions,
  type RoomRaftOptions,
} from './lab/raft/create-raft.ts';
export type { RoomOptions, RoomWaiting } from './lab/raft/room/enter-room.ts';
export { RoomError } from './lab/raft/room/room-error.ts';
export type { RoomPlace, RoomView } from './lab/raft/room/room-place.ts';
export { createPubSub, type PubSub } from './lab/pubsub/create-pubsub.ts';
export type {
  BarePubSubOptions,
  PubSubOptions,
  RoomPubSubOptions,
  SubscribeOptions,
} from './lab/pubsub/pubsub-options.ts';
export type { MemberView, PubSubEvent, PubSubMetrics } from './lab/pubsub/pubsub-view.ts';
export { SecurityError, type SecurityOptions } from './lab/pubsub/security.ts';
export { Subscription, type TopicMessage } from './lab/pubsub/subscription.ts';
export { roomKeyOfPassphrase } from './net/rooms/passphrase.ts';
export type { StateMachineDefinition } from './lab/raft/defined-machine.ts';
export type { RaftMetrics, RaftStatus } from './lab/raft/status.ts';
export { MemoryNetwork } from './net/parcels/memory-network.ts';
export type { Attachment, Network } from './net/parcels/network.ts';
export { TabNetwork } from './net/parcels/tab-network.ts';
export { hasPrivateFiles, PrivateFiles } from './storage/files/opfs.ts';
export { NodeStorage, type StorageOptions } from './storage/indexed-db/node-storage.ts';
export { MemoryStore } from './storage/memory.ts';
export { StoredLog } from './storage/stored-log.ts';
export { StoredSnapshots } from './storage/stored-snapshots.ts';
