/** The network's limits, each with its reason. */

/**
 * Bytes of one message in its format. Chromium refuses sends above 256 KiB and holds what is reassembled in memory; a megabyte is beyond
 * any message of a distributed algorithm, and a thousand half-received ones still fit into a tab.
 */
export const MESSAGE_BYTES_MAX = 1 << 20;

/** Bytes of one frame on a data channel: what every browser carries to every other (PLATFORM: the portable frame). */
export const FRAME_BYTES_MAX = 16 * 1024;

/**
 * Bytes of messages that wait for their channel, in one class, before `await peer.x()` waits: twice what the channel takes, so that the next
 * batches are signed while it empties.
 */
export const QUEUE_BYTES = 128 * 1024;

/** Bytes queued on a data channel before senders wait: more only lengthens the queue (at 1 MiB, control messages waited seconds). */
export const SEND_WINDOW_BYTES = 64 * 1024;

/** Worker nodes of one page: both ends of a link in one page cost two connections, and Chromium refuses the 501st. */
export const NODES_PER_PAGE_MAX = 8;

/** Links of one node: above it a full mesh costs more memory than a tab should take (0.27 MB a connection). */
export const LINKS_PER_NODE_MAX = 64;

/**
 * Milliseconds for a tab that the signaling server lost without a goodbye to come back, before it is asked whether its link is still heard: the
 * client tries again within a second or two, a crashed tab never does.
 */
export const LOST_MEMBER_GRACE_MS = 5_000;

/** Milliseconds until a connection that does not open is given up and dialled anew. */
export const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Bytes of one class that may be under way to an algorithm without having been dealt with: what a broken link may have to send again, and what a
 * slow reader has to keep. At 25 MB/s a message waits 10 ms behind so much; a path of 50 ms still carries 5 MB/s.
 */
export const UNACKNOWLEDGED_BYTES_MAX = 256 * 1024;

/** Received bytes after which an acknowledgement is sent at once: a fraction of the window, so that it never runs empty. */
export const ACKNOWLEDGE_BYTES = 64 * 1024;

/** Milliseconds that an acknowledgement waits for a frame that can carry it. */
export const ACKNOWLEDGE_DELAY_MS = 20;

/** Milliseconds without any acknowledgement after which an open link is taken for dead. SCTP alone can stall for seconds (4.6 s were seen). */
export const ACKNOWLEDGE_TIMEOUT_MS = 15_000;

/** What a queued frame costs beside its bytes, about: a flood of empty frames must be bounded too. */
export const FRAME_COST_BYTES = 64;

/** Bytes of messages that one batch gathers before the next begins: a signature costs nothing beside it, and the receiver can begin. */
export const BATCH_BYTES = 32 * 1024;

/**
 * Connections that a page makes within {@link CONNECTION_WINDOW_MS}. Chromium refuses the 501st, and counts closed ones until they are
 * collected, which takes up to half a minute; what is left are those that live.
 */
export const CONNECTIONS_PER_WINDOW_MAX = 200;

/**
 * Attempts of one link that the side that accepts follows within {@link CONNECTION_WINDOW_MS}: the waits between honest ones grow, and one node
 * alone must not use up the connections of a page.
 */
export const ATTEMPTS_PER_LINK_MAX = 10;

/** Milliseconds until a connection that was made counts no more. */
export const CONNECTION_WINDOW_MS = 30_000;

/** Characters of a session description with one section of data: ours have about 500, candidates included some thousands. */
export const DESCRIPTION_CHARACTERS_MAX = 64 * 1024;

/** Characters of one candidate: ours have about 150, and a name of mDNS is not much longer than an address. */
export const CANDIDATE_CHARACTERS_MAX = 2048;

/** Signals of one negotiation until it is up: a description, and a candidate for every address and server; dozens on odd machines. */
export const NEGOTIATION_SIGNALS_MAX = 256;

/** Nodes that one carried signal passes at most: with views of five, eight steps reach any of some hundred thousand. */
export const CARRIED_HOPS_MAX = 8;

/** Characters of a carried signal: a session description and what it stands in. */
export const CARRIED_LENGTH_MAX = DESCRIPTION_CHARACTERS_MAX + 1024;

/** Carried signals that a node takes from one neighbour in a second; more are dropped. A negotiation has a dozen or two. */
export const CARRIED_PER_SECOND_MAX = 200;

/** Milliseconds for which a link stays that was made to send something to a node outside of the view: a question and its answer. */
export const DEMANDED_LINK_MS = 4_000;

/**
 * Links of a node that nobody wants now and that are kept while signaling could not make them again: eight and three of a view leave more
 * than five on average when half of the nodes vanish at once.
 */
export const SPARE_LINKS_MAX = 8;

/** Cards of nodes that a node verifies in a second: half a millisecond each without WebCrypto, and anybody can send one. */
export const CARDS_PER_SECOND_MAX = 50;
