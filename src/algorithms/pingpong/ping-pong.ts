/**
 * Ping-pong: the two ways of sending, a request that is answered and a cast that is not, in one
 * game.
 */

import * as v from 'valibot';
import { defineAlgorithm } from '../../core/algorithm.ts';
import { messageOf, Refusal } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { messages } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  /** Whether this node serves: it plays against each of its neighbours at once. */
  initiator: v.boolean(),
  /**
   * Rounds of each of its games. Only the initiator's own counts: whoever serves decides when it is
   * over.
   */
  max_rounds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 5),
};

/** A game, as the node that serves keeps it. */
export interface Game {
  /** Pings sent. */
  served: number;
  /** Pings answered by their request's reply. */
  acknowledged: number;
  /** Pongs come back. */
  returned: number;
  /** Why the game broke off; null while all is well. */
  abandoned: string | null;
}

/** What a node shows of itself. */
export interface PingPongState {
  readonly initiator: boolean;
  readonly max_rounds: number;
  /** The games that this node began, by opponent. */
  readonly games: Readonly<Record<NodeId, Readonly<Game>>>;
  /** Rounds in which this node sent the ball back, by who had served. */
  readonly returned_to: Readonly<Record<NodeId, number>>;
}

/** One game for each initiator and each of its neighbours. */
export class PingPong extends defineAlgorithm('pingpong', { messages, settings, rules }) {
  readonly games = new Map<NodeId, Game>();
  readonly returnedTo = new Map<NodeId, number>();
  pingsReceived = 0;
  pongsReceived = 0;

  override onStart(): void {
    if (this.settings.initiator) {
      for (const id of this.peers.keys()) {
        this.games.set(id, { served: 0, acknowledged: 0, returned: 0, abandoned: null });
      }
    }
    // The games run side by side: no `await`, each goes on when its own ball comes back.
    for (const [id, game] of this.games) void this.serve(id, game);
    this.endWhenDone();
  }

  /**
   * Sends the next ball of a game and waits for its acknowledgement, which may overtake the pong or
   * come behind it.
   */
  async serve(id: NodeId, game: Game): Promise<void> {
    if (!this.rules.servesAgain(game, this.settings.max_rounds)) return;
    const sequence = game.served++;
    try {
      const answer = await this.peer(id).ping({ sequence });
      game.acknowledged++;
      this.log.info(`${id} answered ${answer}`);
    } catch (error) {
      game.abandoned = messageOf(error);
      this.log.warn(`the game is off: ${game.abandoned}`);
    }
    this.endWhenDone();
  }

  handlers = this.on({
    ping: async (src, { sequence }) => {
      const opponent = this.peers.get(src);
      // A neighbourhood may be one-sided. The answer finds its way back, a message of our own has
      // none.
      if (opponent === undefined) throw new Refusal(`${src} is no neighbour, no ball gets there`);
      this.pingsReceived++;
      this.returnedTo.set(src, Math.max(this.returnedTo.get(src) ?? 0, sequence + 1));
      await opponent.pong({ sequence });
      return `ACK_Ping_${sequence}`;
    },
    pong: (src, { sequence }) => {
      this.pongsReceived++;
      const game = this.games.get(src);
      if (game === undefined || !this.rules.isExpected(sequence, game)) return;
      game.returned++;
      void this.serve(src, game);
      this.endWhenDone();
    },
  });

  /**
   * A node has done its part when its own games are over. One that began none is done at once, and
   * goes on returning.
   */
  endWhenDone(): void {
    const rounds = this.settings.max_rounds;
    const games = [...this.games.values()];
    if (games.every((game) => this.rules.isOver(game, rounds))) this.terminate();
  }

  override state(): PingPongState {
    return {
      initiator: this.settings.initiator,
      max_rounds: this.settings.max_rounds,
      games: Object.fromEntries(this.games),
      returned_to: Object.fromEntries(this.returnedTo),
    };
  }

  override report(): object {
    const abandoned = [...this.games].filter(([, game]) => game.abandoned !== null);
    return {
      pings_received: this.pingsReceived,
      pongs_received: this.pongsReceived,
      abandoned: abandoned.map(([id]) => id),
    };
  }
}
