/** Hands a picture to the person at the page as a file. */

import { saveBlob } from './save-text.ts';

/** The elements of a picture in SVG, and its size in pixels. */
export interface Picture {
  readonly elements: string;
  readonly width: number;
  readonly height: number;
}

/** Pixels of a PNG for one of the page, so that it can be printed. */
const SCALE = 2;

/** The text of a file of SVG. @param ground the colour behind the picture */
export function svgFile({ elements, width, height }: Picture, ground: string): string {
  const size = `width="${Math.round(width)}" height="${Math.round(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${Math.round(width)} ${Math.round(height)}">
<rect width="100%" height="100%" fill="${ground}"/>
${elements}
</svg>
`;
}

/** Saves a picture that can be drawn at any size. */
export function saveSvg(name: string, picture: Picture, ground: string): void {
  saveBlob(`${name}.svg`, new Blob([svgFile(picture, ground)], { type: 'image/svg+xml' }));
}

/** Saves a picture as pixels. @throws by rejection, when the browser cannot draw it */
export async function savePng(name: string, picture: Picture, ground: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svgFile(picture, ground))}`;
  await image.decode();
  const canvas = new OffscreenCanvas(picture.width * SCALE, picture.height * SCALE);
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  context.drawImage(image, 0, 0);
  saveBlob(`${name}.png`, await canvas.convertToBlob({ type: 'image/png' }));
}
