/** An address as a QR code that a phone reads from the terminal. */

import { renderUnicodeCompact } from 'uqr';
import type { Colours } from '../colours.ts';

/** Two modules a character, in lines. Black on white wherever colours are on: many readers take no light code on dark. */
export function qrCode(text: string, colours: Colours): readonly string[] {
  const lines = renderUnicodeCompact(text, { border: 2, invert: !colours.isColorSupported });
  return lines.split('\n').map((line) => colours.bgWhite(colours.black(line)));
}
