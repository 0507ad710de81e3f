/** The network's limits, each with its reason. */

/**
 * Bytes of one message in its format. Chromium refuses sends above 256 KiB and holds what is reassembled in memory; a megabyte is beyond
 * any message of a distributed algorithm, and a thousand half-received ones still fit into a tab.
 */
export const MESSAGE_BYTES_MAX = 1 << 20;

/** Bytes of one frame on a data channel: what every browser carries to every other (PLATFORM: the portable frame). */
export const FRAME_BYTES_MAX = 16 * 1024;

/** Bytes queued on a data channel before senders wait: more only lengthens the queue (at 1 MiB, control messages waited seconds). */
export const SEND_WINDOW_BYTES = 64 * 1024;

/** Worker nodes of one page: both ends of a link in one page cost two connections, and Chromium refuses the 501st. */
export const NODES_PER_PAGE_MAX = 8;

/** Links of one node: above it a full mesh costs more memory than a tab should take (0.27 MB a connection). */
export const LINKS_PER_NODE_MAX = 64;

/**
 * Milliseconds for a tab that the signaling server lost without a goodbye to come back, while its data channels may well live: the client
 * tries again within a second or two, a crashed tab never does.
 */
export const LOST_MEMBER_GRACE_MS = 5_000;

/** Milliseconds until a connection that does not open is given up and dialled anew. */
export const CONNECT_TIMEOUT_MS = 10_000;
