/**
 * Somebody in the middle, as a page of a browser: towards each of two nodes it plays the other one, with a connection of its own, and passes on
 * every frame. Runs in the page, as a whole, so it can use nothing from outside of itself.
 */

/** What the middle has to be told, and what it tells. */
export interface MiddleWindow extends Window {
  /** A signal of the side that makes the offer, or of the one that answers. */
  middleSignal(side: 'offers' | 'answers', data: MiddleSignal): Promise<void>;
  /** Defined by the test. */
  middleSays(side: 'offers' | 'answers', data: MiddleSignal): void;
  /** Frames that were passed on. */
  middlePassed: number;
}

/** The envelope of simple-peer. */
export interface MiddleSignal {
  readonly type: string;
  readonly sdp?: string;
  readonly candidate?: RTCIceCandidateInit;
}

/** For `page.evaluate`. */
export function becomeMiddle(channelIds: readonly number[]): void {
  const here = window as unknown as MiddleWindow;
  here.middlePassed = 0;
  const connections = { offers: new RTCPeerConnection(), answers: new RTCPeerConnection() };
  const early: Record<string, RTCIceCandidateInit[]> = { offers: [], answers: [] };
  const channels = { offers: [] as RTCDataChannel[], answers: [] as RTCDataChannel[] };
  for (const side of ['offers', 'answers'] as const) {
    const connection = connections[side];
    connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate === null || candidate.candidate === '') return;
      const { candidate: text, sdpMid, sdpMLineIndex } = candidate;
      here.middleSays(side, {
        type: 'candidate',
        candidate: { candidate: text, sdpMid, sdpMLineIndex },
      });
    });
    channels[side] = channelIds.map((id) => {
      const channel = connection.createDataChannel('middle', { negotiated: true, id });
      channel.binaryType = 'arraybuffer';
      return channel;
    });
  }
  const pass = (from: RTCDataChannel, to: RTCDataChannel) => {
    const waiting: ArrayBuffer[] = [];
    to.addEventListener('open', () => {
      for (const frame of waiting.splice(0)) to.send(frame);
    });
    from.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
      here.middlePassed++;
      if (to.readyState === 'open') to.send(data);
      else waiting.push(data);
    });
  };
  for (const [at, channel] of channels.offers.entries()) {
    pass(channel, channels.answers[at]!);
    pass(channels.answers[at]!, channel);
  }
  here.middleSignal = async (side, { type, sdp, candidate }) => {
    const connection = connections[side];
    if (candidate !== undefined) {
      if (connection.remoteDescription === null) early[side]!.push(candidate);
      else await connection.addIceCandidate(candidate);
      return;
    }
    if (sdp === undefined) return;
    await connection.setRemoteDescription({ type: type as RTCSdpType, sdp });
    for (const one of early[side]!.splice(0)) await connection.addIceCandidate(one);
    if (side === 'answers') return;
    await connection.setLocalDescription();
    here.middleSays('offers', { type: 'answer', sdp: connection.localDescription!.sdp });
    const other = connections.answers;
    await other.setLocalDescription();
    here.middleSays('answers', { type: 'offer', sdp: other.localDescription!.sdp });
  };
}
