import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Writes `certificate.pem`, its own authority for 127.0.0.1, and `key.pem`. */
export function makeCertificate(openssl: string, folder: string): void {
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  execFileSync(openssl, ['req', '-x509', ...newKey, ...files, ...subject], { stdio: 'ignore' });
}
