/** Unique ids: a node's name, how often it has been started, and a counter. Nobody has to be asked, so that no partition matters. */

import * as v from 'valibot';
import { defineAlgorithm, request } from '../../src/index.ts';

/** An id of a node that was restarted must not be one that it gave before: the number of its lives is on its disk. */
export class UniqueIds extends defineAlgorithm('unique_ids', {
  messages: { generate: request({}, v.object({ id: v.string() })) },
  service: true,
}) {
  life = 0;
  count = 0;

  override async onStart() {
    const before = await this.store.get('life');
    const life = typeof before === 'number' ? before + 1 : 1;
    await this.store.put('life', life);
    this.life = life;
  }

  handlers = this.on({
    generate: async () => {
      // Asked while the disk is still at work: until then no id is safe.
      while (this.life === 0) await this.sleep(1);
      return { id: `${this.id}-${this.life}-${this.count++}` };
    },
  });
}
