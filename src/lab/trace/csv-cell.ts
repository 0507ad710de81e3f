/** One cell of a table for spreadsheets, after RFC 4180. */

/** A text that a spreadsheet would take for a formula gets an apostrophe before it: what peers sent must not be computed. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
