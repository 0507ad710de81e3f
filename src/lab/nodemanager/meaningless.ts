/** What nodes among browsers have no use for, and why. */

const NO_ADDRESS = 'nodes have no address here: those of one context meet in a room';
const NO_PROTOCOL = 'links are data channels of WebRTC, which bring their own';
const NOTHING_SHARED =
  'nodes find one another through the room’s signaling, not in the local network';

/** Paths in a file, with the reason. */
export const MEANINGLESS: readonly { readonly path: readonly string[]; readonly why: string }[] = [
  ...['address', 'port'].map((key) => ({ path: [key], why: NO_ADDRESS })),
  ...['tcp', 'udp'].map((key) => ({ path: [key], why: NO_PROTOCOL })),
  { path: ['bootnodes'], why: NO_ADDRESS },
  { path: ['topology', 'node_name'], why: 'a run says which node it is with --id' },
  { path: ['topology', 'output_path'], why: '"parley topology" writes files' },
  { path: ['topology', 'generate', 'output_path'], why: '"parley topology" writes files' },
  { path: ['network', 'idle_connection_timeout_secs'], why: 'links stay open while a run lasts' },
  {
    path: ['network', 'max_negotiating_inbound_streams'],
    why: 'a page opens as many connections at once as its browser bears',
  },
  { path: ['network', 'dial_concurrency_factor'], why: 'a peer has no list of addresses to dial' },
  {
    path: ['network', 'per_connection_event_buffer_size'],
    why: 'frames wait in windows of bytes, not in buffers of events',
  },
  { path: ['network', 'yamux'], why: NO_PROTOCOL },
  {
    path: ['network', 'request_response'],
    why: 'messages have one limit, and requests say their timeouts themselves',
  },
  { path: ['network', 'enable_mdns'], why: NOTHING_SHARED },
  { path: ['network', 'mdns'], why: NOTHING_SHARED },
  { path: ['network', 'enable_kad'], why: 'members are known from the configuration or the room' },
  { path: ['network', 'kademlia'], why: 'members are known from the configuration or the room' },
  { path: ['network', 'sampling_period'], why: 'views are recorded whenever they change' },
  {
    path: ['simulation', 'multi_thread'],
    why: 'a simulation is one thread, so that the same seed gives the same run',
  },
  { path: ['simulation', 'verbose'], why: '"parley run -v" says more' },
];
