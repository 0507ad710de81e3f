/** What a client is about to say, checked where the caller still has a stack. */
import {
  CLIENT_FRAME_BYTES_MAX,
  encodeMessage,
  parseClientMessage,
  PROTOCOL_VERSION,
  type ClientMessage,
  type JoinMessage,
} from './protocol.ts';
import { SignalingError, type JoinRequest } from './signaling.ts';

/** The first message of a connection. */
export function joinMessage({ sign: _sign, ...request }: JoinRequest): JoinMessage {
  return { ...request, type: 'join', protocol: PROTOCOL_VERSION };
}

/**
 * The frame of a message.
 *
 * @throws SignalingError `bad-message` for whatever a server would refuse
 */
export function encodeChecked(message: ClientMessage): string {
  const frame = encodePayload(message);
  const bytes = new TextEncoder().encode(frame).byteLength;
  if (bytes > CLIENT_FRAME_BYTES_MAX) {
    throw bad(`The frame has ${bytes} bytes and at most ${CLIENT_FRAME_BYTES_MAX} may be sent.`);
  }
  const parsed = parseClientMessage(frame);
  if (!parsed.ok) throw bad(parsed.problem);
  return frame;
}

function encodePayload(message: ClientMessage): string {
  try {
    return encodeMessage(message);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw bad(`The payload is not a JSON value: ${reason}`);
  }
}

function bad(problem: string): SignalingError {
  return new SignalingError('bad-message', problem);
}
