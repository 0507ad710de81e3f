/** Certificates for tests, made anew by openssl: keys do not belong into a repository. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Why this machine cannot make certificates; undefined when it can. */
export function whyNoCertificates(): string | undefined {
  return spawnSync('openssl', ['version']).status === 0 ? undefined : 'there is no openssl';
}

/** A folder of certificates; call `remove` at the end. */
export class Certificates {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'parley-tls-'));

  /** A certificate that vouches for itself, and its key. */
  make(name: string, names = 'DNS:localhost,IP:127.0.0.1'): { cert: string; key: string } {
    const cert = path.join(this.folder, `${name}.pem`);
    const key = this.makeKey(`${name}-key`);
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
    openssl('req', '-x509', '-new', '-key', key, '-out', cert, '-days', '2', ...subject);
    return { cert, key };
  }

  /** A private key, encrypted if it gets a passphrase. */
  makeKey(name: string, passphrase?: string): string {
    const file = path.join(this.folder, `${name}.pem`);
    const how = passphrase === undefined ? [] : ['-aes-256-cbc', '-pass', `pass:${passphrase}`];
    const curve = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    openssl('genpkey', ...curve, ...how, '-out', file);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function openssl(...parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
