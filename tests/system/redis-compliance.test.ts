/** Members of two servers that share a Redis meet by the same rules as those of one server. */

import { afterAll, beforeAll } from 'vitest';
import type { SignalingServer } from '../../signaling-server/server.ts';
import { signalingSuite, SUITE_LIMITS } from '../compliance/signaling.suite.ts';
import { noRedis, RedisServer } from '../support/redis-server.ts';
import { describeUnless } from '../support/skip.ts';
import { Fixture } from '../unit/signaling/support.ts';

describeUnless(noRedis)('on Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.kill());

  for (const servers of [1, 2]) {
    signalingSuite(`SignalingClient, ${servers} on one Redis`, async () => {
      await redis.ask((store) => store.flushall());
      const fixture = new Fixture();
      const options = { limits: SUITE_LIMITS, redis: redis.url };
      const all: SignalingServer[] = [];
      for (let index = 0; index < servers; index++) all.push(await fixture.server(options));
      let clients = 0;
      return {
        // One after the other, so that neighbours are at different servers.
        connect: () => fixture.client(all[clients++ % servers]!),
        close: () => fixture.close(),
      };
    });
  }
});
