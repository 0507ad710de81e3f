import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../../src/cli/failures.ts';
import { Certificate } from '../../../src/cli/signal/signal-tls.ts';
import { Certificates, whyNoCertificates } from '../../support/certificates.ts';
import { describeUnless } from '../../support/skip.ts';

const DAY_MS = 86_400_000;

describeUnless(whyNoCertificates())('a certificate', () => {
  const files = new Certificates();
  let good: { cert: string; key: string };
  beforeAll(() => {
    good = files.make('good', 'DNS:localhost,DNS:*.example.org,IP:127.0.0.1,IP:::1');
  });
  afterAll(() => files.remove());

  test('that fits its key is what the server wants', () => {
    const { pem } = Certificate.read(good.cert, good.key);
    expect(pem.cert).toContain('BEGIN CERTIFICATE');
    expect(pem.key).toContain('BEGIN PRIVATE KEY');
  });

  test('that cannot be used says which file is wrong, and how', () => {
    const junk = path.join(files.folder, 'junk.pem');
    writeFileSync(junk, 'junk');
    const cases: [string, string, RegExp][] = [
      ['/nowhere.pem', good.key, /^--cert \/nowhere\.pem cannot be read: ENOENT/],
      [good.cert, '/nowhere.pem', /^--key \/nowhere\.pem cannot be read: ENOENT/],
      [files.folder, good.key, /^--cert .* cannot be read: EISDIR/],
      [junk, good.key, /^--cert .*junk\.pem holds no certificate in PEM$/],
      [good.cert, junk, /^--key .*junk\.pem holds no private key in PEM$/],
      [good.key, good.cert, /^--cert .* \(it holds a key: are they exchanged\?\)$/],
      [good.cert, good.cert, /^--key .* \(it holds a certificate: are they exchanged\?\)$/],
      [good.cert, files.makeKey('other'), /do not belong together/],
      [good.cert, files.makeKey('locked', 'x'), /is encrypted; "openssl pkey -in .*locked\.pem/],
    ];
    for (const [cert, key, message] of cases) {
      const read = () => Certificate.read(cert, key);
      expect(read).toThrow(UsageError);
      expect(read).toThrow(message);
    }
  });

  test('is compared with the addresses that people will use, and with the time', () => {
    const certificate = Certificate.read(good.cert, good.key);
    const now = Date.now();
    const urls = [
      'https://localhost:1/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://a.example.org/',
    ];
    expect(certificate.problems(urls, now)).toEqual([]);
    expect(certificate.problems(['https://192.0.2.1:9/', 'https://example.net/'], now)).toEqual([
      expect.stringMatching(
        /^it is not made for 192\.0\.2\.1, example\.net, but for DNS:localhost/,
      ),
    ]);
    expect(certificate.problems(urls, now + 3 * DAY_MS)).toEqual([
      expect.stringMatching(/^it expired on /),
    ]);
    expect(certificate.problems(urls, now - DAY_MS)).toEqual([
      expect.stringMatching(/^it is not good before /),
    ]);
  });
});
