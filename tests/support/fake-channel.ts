/** An RTCDataChannel as far as a link sees it, in the hands of a test. */

/** What was sent stays in its buffer until the test lets it go. */
export class FakeChannel {
  readonly sent: Uint8Array[] = [];
  readyState: RTCDataChannelState = 'connecting';
  binaryType = 'blob';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  closeCalls = 0;
  /** What the next `send` throws. */
  refusal: Error | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  /** The same object, as the code under test wants it. */
  get channel(): RTCDataChannel {
    return this as unknown as RTCDataChannel;
  }

  send(frame: Uint8Array): void {
    if (this.refusal !== undefined) throw this.refusal;
    this.sent.push(frame.slice());
    this.bufferedAmount += frame.length;
  }

  close(): void {
    this.closeCalls++;
    this.readyState = 'closed';
  }

  open(): void {
    this.readyState = 'open';
    this.onopen?.();
  }

  receive(data: unknown): void {
    this.onmessage?.({ data });
  }

  /** Everything that was buffered goes out. */
  drain(): void {
    const wasAbove = this.bufferedAmount > this.bufferedAmountLowThreshold;
    this.bufferedAmount = 0;
    if (wasAbove) this.onbufferedamountlow?.();
  }
}
