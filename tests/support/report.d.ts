/** Counts what vitest's JSON report says. */

export interface Report {
  passed: number;
  /** Each with its file, and with what went wrong as far as it is known. */
  failedNames: string[];
  /** The reason stands in the name, see skip.ts. */
  skippedNames: string[];
  /** How long each project took, in the order in which they began. */
  seconds: (readonly [stage: string, seconds: number])[];
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    /** Milliseconds of the clock. */
    startTime: number;
    endTime: number;
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[];
  }[];
}

/** Reads the report that vitest wrote, if it came to write one. */
export function readReport(file: string, succeeded: boolean): Report;

export function countReport(report: VitestReport): Report;
