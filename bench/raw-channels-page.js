/**
 * What the live bench is compared with: two bare RTCPeerConnections in one page, their channels transferred into two bare workers, 200 bytes a
 * message, one `send` each. Nothing is signed, nothing is checked.
 */

const WORKER = `
  let channel;
  // The same in both workers of a page.
  const now = () => performance.timeOrigin + performance.now();
  onmessage = ({ data }) => {
    channel = data.channel;
    channel.binaryType = 'arraybuffer';
    const { role, count, bytes, block } = data;
    const message = new Uint8Array(bytes);
    let received = 0, first = 0;
    const times = [];
    let began = 0;
    // In a worker the first message may come before the channel says that it is open.
    const echo = (bytes) =>
      channel.readyState === 'open' ? channel.send(bytes) : setTimeout(echo, 1, bytes);
    channel.onmessage = (event) => {
      if (role === 'echo') echo(event.data);
      else if (role === 'sink') {
        if (received++ === 0) first = performance.now();
        if (received === count) postMessage((received - 1) / ((performance.now() - first) / 1000));
      } else if (role === 'timed') {
        times.push(now() - new Float64Array(event.data, 0, 1)[0]);
        if (++received === count) postMessage(times.sort((a, b) => a - b));
      } else if (role === 'ask') {
        // Blocks of them are timed together, for clocks are coarse.
        if (++received % block === 0) {
          times.push((performance.now() - began) / block);
          began = performance.now();
        }
        if (received === count) postMessage(times.sort((a, b) => a - b)[times.length >> 1]);
        else channel.send(message);
      }
    };
    channel.bufferedAmountLowThreshold = 32 * 1024;
    const flood = (sent) => {
      while (sent < count) {
        if (channel.bufferedAmount > 64 * 1024) {
          channel.onbufferedamountlow = () => { channel.onbufferedamountlow = null; flood(sent); };
          return;
        }
        channel.send(message);
        sent++;
      }
    };
    // So many milliseconds apart, each with the time at which it was sent.
    const pace = (sent) => {
      const stamped = new Uint8Array(Math.max(8, bytes));
      new Float64Array(stamped.buffer, 0, 1)[0] = now();
      channel.send(stamped);
      if (sent + 1 < count) setTimeout(pace, block, sent + 1);
    };
    channel.onopen = () => {
      if (role === 'paced') pace(0);
      if (role === 'flood') flood(0);
      if (role === 'ask') { began = performance.now(); channel.send(message); }
    };
  };
`;

/** Runs `leftRole` against `rightRole` and returns what one of the workers posts. */
window.rawBench = async (leftRole, rightRole, count, bytes, block) => {
  const left = new RTCPeerConnection();
  const right = new RTCPeerConnection();
  // A candidate may be found before the other side has its description: then it has to wait.
  let negotiated;
  const ready = new Promise((resolve) => {
    negotiated = resolve;
  });
  const exchange = (from, to) => {
    from.onicecandidate = ({ candidate }) =>
      candidate && void ready.then(() => to.addIceCandidate(candidate));
  };
  exchange(left, right);
  exchange(right, left);
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
  const workers = [new Worker(url), new Worker(url)];
  const result = new Promise((resolve) => {
    for (const worker of workers) worker.onmessage = ({ data }) => resolve(data);
  });
  const options = { negotiated: true, id: 7 };
  for (const [connection, worker, role] of [
    [left, workers[0], leftRole],
    [right, workers[1], rightRole],
  ]) {
    const channel = connection.createDataChannel('raw', options);
    worker.postMessage({ channel, role, count, bytes, block }, [channel]);
  }
  await left.setLocalDescription();
  await right.setRemoteDescription(left.localDescription);
  await right.setLocalDescription();
  await left.setRemoteDescription(right.localDescription);
  negotiated();
  const value = await result;
  for (const worker of workers) worker.terminate();
  left.close();
  right.close();
  return value;
};
