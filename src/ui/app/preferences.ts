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
