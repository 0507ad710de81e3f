/** Transcripts of etcd’s raft library, replayed: after each command the same roles, terms, votes, commits, logs and progress. */

import { expect, test } from 'vitest';
import { TranscriptPlayer } from '../../support/raft-transcript.ts';
import { describeUnless } from '../../support/skip.ts';
import { missingData, transcripts } from '../../support/transcript-file.ts';

/** Where ours does something else on purpose: lines of the transcript, and why. A line that comes out the same is listed nowhere. */
const OTHERWISE: Readonly<
  Record<string, readonly (readonly [lines: readonly number[], why: string])[]>
> = {
  'async_storage_writes_append_aba_race.txt': [
    [[493], 'a heartbeat brings the entries that wait, and is no question first'],
  ],
  'confchange_v1_remove_leader.txt': [
    [[36], 'a configuration counts when it is in the log (section 4.1), not when it is applied'],
    [[146, 221, 246], 'a leader that has committed its own removal leads no more (section 4.2.2)'],
  ],
  'confchange_v1_remove_leader_stepdown.txt': [
    [[37], 'a configuration counts when it is in the log'],
    [[113], 'so its entry needs a majority of the new voters'],
    [[149], 'a leader that has left tells nobody what is committed'],
  ],
  'confchange_v2_add_double_auto.txt': [[[334], 'who is removed is sent nothing more']],
  'confchange_v2_add_single_explicit.txt': [
    [[113, 170], 'a change that is refused leaves no empty entry in the log'],
  ],
  'confchange_v2_replace_leader.txt': [[[324, 409], 'who is removed is sent nothing more']],
  'confchange_v2_replace_leader_stepdown.txt': [
    [[69], 'a leader that has left tells nobody what is committed'],
  ],
  'heartbeat_resp_recovers_from_probing.txt': [
    [[41], 'the transport does not say that a node cannot be reached'],
  ],
  'snapshot_succeed_via_app_resp.txt': [
    [[99], 'a heartbeat brings the snapshot, and does not ask first whether it is needed'],
  ],
  'snapshot_succeed_via_app_resp_behind.txt': [[[165], 'no snapshot is sent unless it is needed']],
};

describeUnless(missingData('raft/interaction'))('the transcripts of etcd', () => {
  const files = transcripts('raft/interaction');

  test('are all there', () => expect(files.size).toBe(28));

  for (const [file, steps] of files) {
    test(`${file}: ${steps.length} steps`, () => {
      const player = new TranscriptPlayer(steps);
      const differences = steps.flatMap((step) => player.play(step));
      const meant = (OTHERWISE[file] ?? []).flatMap(([lines]) => lines);
      expect(differences.filter(({ line }) => !meant.includes(line))).toEqual([]);
      // A difference that is no more is not to be excused.
      expect(new Set(differences.map(({ line }) => line))).toEqual(new Set(meant));
    });
  }

  test('a machine that counts otherwise is noticed', () => {
    const [file, steps] = [...files][2]!;
    expect(file).toBe('campaign.txt');
    const wrong = new TranscriptPlayer(steps, { mayVote: () => false });
    expect(steps.flatMap((step) => wrong.play(step))).not.toEqual([]);
  });
});
