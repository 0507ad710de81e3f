/** Whoever sends faster than it is dealt with has to wait, whatever is dealt with in whatever order; and nobody else does. */

import { expect, test } from 'vitest';
import { UndealtBytes } from '../../../src/runtime/undealt-bytes.ts';
import { fc } from '../../support/property.ts';

test('there is no room above the bound, and there is again when half of it is dealt with', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      async (sizes, draws) => {
        const undealt = new UndealtBytes(100);
        const chance = draws[Symbol.iterator]();
        const open: { readonly size: number; deal(): void }[] = [];
        let bytes = 0;
        for (const size of sizes) {
          undealt.add(
            'n1',
            size,
            new Promise<void>((resolve, reject) => {
              // What fails is dealt with as well.
              open.push({ size, deal: size % 2 === 0 ? resolve : () => reject(new Error('no')) });
            }),
          );
          bytes += size;
        }
        expect(undealt.room('n2')).toBe(undefined);
        const room = undealt.room('n1');
        expect(room === undefined).toBe(bytes <= 100);
        let hasRoom = room === undefined;
        void room?.then(() => (hasRoom = true));
        while (open.length > 0) {
          const [one] = open.splice((chance.next().value as number) % open.length, 1);
          one!.deal();
          bytes -= one!.size;
          await new Promise((resolve) => setTimeout(resolve));
          if (room !== undefined) expect(hasRoom).toBe(bytes <= 50);
        }
        expect(undealt.room('n1')).toBe(undefined);
        expect(hasRoom).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});
