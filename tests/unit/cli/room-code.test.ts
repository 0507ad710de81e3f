import { expect, test } from 'vitest';
import { defaultRoom, randomRoom } from '../../../src/cli/lab/room-code.ts';

const UNAMBIGUOUS = /^[2-9A-HJKMNP-TW-Z]{8}$/;

test('whoever runs the same meets in the same room', () => {
  const room = defaultRoom('n1: {}\nn2: {}\n', 'echo');
  expect(room).toMatch(UNAMBIGUOUS);
  expect(defaultRoom('n1: {}\r\nn2: {}', 'echo')).toBe(room);
  expect(defaultRoom('n1: {}\nn2: {}\n', 'bracha')).not.toBe(room);
  expect(defaultRoom('n1: {}\nn3: {}\n', 'echo')).not.toBe(room);
});

test('a random room is another each time', () => {
  const rooms = Array.from({ length: 100 }, () => randomRoom());
  expect(new Set(rooms).size).toBe(100);
  for (const room of rooms) expect(room).toMatch(UNAMBIGUOUS);
});
