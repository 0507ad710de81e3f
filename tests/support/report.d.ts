/** Counts what vitest's JSON report says. */

export interface Report {
  passed: number;
  failed: number;
  /** The reason stands in the name, see skip.ts. */
  skippedNames: string[];
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

/** Reads the report that vitest wrote, if it came to write one. */
export function readReport(file: string, succeeded: boolean): Report;

export function countReport(report: VitestReport): Report;
