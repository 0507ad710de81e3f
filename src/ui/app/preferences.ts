/** Small choices of the reader, kept in this browser. */

const CHARACTER_KEYS = 'parley.character-keys';

/** Whether single characters are keys of the lab. */
export function characterKeysOn(): boolean {
  try {
    return localStorage.getItem(CHARACTER_KEYS) !== 'off';
  } catch {
    return true;
  }
}

/** Switches them. */
export function setCharacterKeys(on: boolean): void {
  try {
    localStorage.setItem(CHARACTER_KEYS, on ? 'on' : 'off');
  } catch {
    // Storage is forbidden here: the choice cannot be kept.
  }
}

const TYPES = 'parley.types';

/** Whether types are checked while somebody edits. */
export function typesWanted(): boolean {
  try {
    return localStorage.getItem(TYPES) !== 'off';
  } catch {
    return true;
  }
}

/** Chooses it. */
export function wantTypes(wanted: boolean): void {
  try {
    localStorage.setItem(TYPES, wanted ? 'on' : 'off');
  } catch {
    // As above.
  }
}

const PANEL_HEIGHT = 'parley.panel-height';

/** How high the lower panel was made, in hundredths of the window; undefined when it was not, or cannot be. */
export function readPanelHeight(min: number, max: number): number | undefined {
  try {
    const height = Number(localStorage.getItem(PANEL_HEIGHT) ?? Number.NaN);
    return height >= min && height <= max ? height : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers it, or with undefined forgets it. */
export function keepPanelHeight(height: number | undefined): void {
  try {
    if (height === undefined) localStorage.removeItem(PANEL_HEIGHT);
    else localStorage.setItem(PANEL_HEIGHT, height.toFixed(2));
  } catch {
    // As above.
  }
}
