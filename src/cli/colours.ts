/** Colours for a terminal: when to use them, and one for each node. */

import pico from 'picocolors';
import type { NodeId } from '../core/id.ts';

/** Functions that colour a text, or leave it as it is. */
export type Colours = ReturnType<typeof pico.createColors>;

/** The little of a stream that decides. */
export interface ColourStream {
  readonly isTTY?: boolean;
}

/**
 * Colours for what is written to `stream`: on a terminal unless NO_COLOR is set, elsewhere only when FORCE_COLOR is.
 */
export function coloursFor(
  stream: ColourStream,
  environment: Readonly<Record<string, string | undefined>>,
): Colours {
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  const wanted =
    (stream.isTTY === true && environment['TERM'] !== 'dumb') ||
    (isSet('FORCE_COLOR') && environment['FORCE_COLOR'] !== '0');
  return pico.createColors(wanted && !isSet('NO_COLOR'));
}

/** The name of a node in its colour: the same in every line and in every run of the same configuration. */
export function nodePainter(
  ids: readonly NodeId[],
  colours: Colours,
): (id: NodeId, text?: string) => string {
  const palette = [
    colours.cyan,
    colours.magenta,
    colours.green,
    colours.yellow,
    colours.blue,
    colours.cyanBright,
    colours.magentaBright,
    colours.greenBright,
    colours.yellowBright,
    colours.blueBright,
  ];
  const places = new Map(ids.map((id, place) => [id, place]));
  return (id, text = id) => palette[(places.get(id) ?? 0) % palette.length]!(text);
}
