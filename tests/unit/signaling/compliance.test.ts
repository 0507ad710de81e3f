import { LocalHub } from '../../../src/net/signaling/hub.ts';
import { signalingSuite, SUITE_LIMITS } from '../../compliance/signaling.suite.ts';
import { Fixture } from './support.ts';

signalingSuite('LocalHub', async () => new LocalHub({ limits: SUITE_LIMITS }));

signalingSuite('SignalingClient', async () => {
  const fixture = new Fixture();
  const server = await fixture.server({ limits: SUITE_LIMITS });
  return { connect: () => fixture.client(server), close: () => fixture.close() };
});
