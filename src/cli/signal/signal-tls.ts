/** The certificate of a server, from the files that the command line names. */

import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../failures.ts';

/** A certificate that fits its key. */
export class Certificate {
  /** Both files, as the server wants them. */
  readonly pem: { readonly cert: string; readonly key: string };
  readonly #x509: X509Certificate;

  /** Use {@link Certificate.read}. */
  private constructor(pem: { readonly cert: string; readonly key: string }, x509: X509Certificate) {
    this.pem = pem;
    this.#x509 = x509;
  }

  /**
   * Reads both files.
   *
   * @throws {UsageError} when one cannot be read, is not what it should be, or does not fit the other
   */
  static read(certFile: string, keyFile: string): Certificate {
    const pem = { cert: readText('--cert', certFile), key: readText('--key', keyFile) };
    const x509 = readCertificate(certFile, pem.cert);
    if (!x509.checkPrivateKey(readKey(keyFile, pem.key))) {
      throw new UsageError(
        `--cert ${certFile} and --key ${keyFile} do not belong together: the certificate was made for another key`,
      );
    }
    try {
      createSecureContext(pem);
    } catch (error) {
      // For example a key that is too short for this Node.
      throw new UsageError(`--cert ${certFile} cannot be used: ${(error as Error).message}`);
    }
    return new Certificate(pem, x509);
  }

  /** What browsers will not like about it, at these addresses and this time, in words for a person. */
  problems(urls: readonly string[], nowMs: number): string[] {
    const { validFrom, validTo, subjectAltName } = this.#x509;
    const problems: string[] = [];
    if (Date.parse(validTo) < nowMs) problems.push(`it expired on ${validTo}`);
    if (Date.parse(validFrom) > nowMs) problems.push(`it is not good before ${validFrom}`);
    const hosts = urls.map((url) => new URL(url).hostname);
    const others = hosts.filter((host) => !this.#names(host));
    if (others.length > 0) {
      problems.push(
        `it is not made for ${others.join(', ')}, but for ${subjectAltName ?? 'no name'}`,
      );
    }
    return problems;
  }

  #names(host: string): boolean {
    const address = host.replace(/^\[|\]$/g, '');
    const found = isIP(address) === 0 ? this.#x509.checkHost(address) : this.#x509.checkIP(address);
    return found !== undefined;
  }
}

function readText(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${(error as Error).message}`);
  }
}

function readCertificate(file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    const hint = text.includes('PRIVATE KEY') ? ' (it holds a key: are they exchanged?)' : '';
    throw new UsageError(`--cert ${file} holds no certificate in PEM${hint}`);
  }
}

function readKey(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    if (/ENCRYPTED/.test(text)) {
      throw new UsageError(
        `--key ${file} is encrypted; "openssl pkey -in ${file} -out open.pem" writes it without its passphrase`,
      );
    }
    const hint = text.includes('CERTIFICATE')
      ? ' (it holds a certificate: are they exchanged?)'
      : '';
    throw new UsageError(`--key ${file} holds no private key in PEM${hint}`);
  }
}
