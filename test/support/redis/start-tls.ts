import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../make-certificate.js';
import { TestRedis } from '../start-redis.js';
import { documentedRights } from './documented-rights.js';
import { freePorts } from './free-port.js';

/** A server that takes encrypted connections only, and knows a user with the rights of a gateway and no others. */
export class TestTlsRedis {
  readonly server: TestRedis;
  readonly port: number;
  /** The certificate, which is its own authority. */
  readonly certificateFile: string;
  readonly #folder: string;

  private constructor(server: TestRedis, port: number, folder: string) {
    this.server = server;
    this.port = port;
    this.#folder = folder;
    this.certificateFile = join(folder, 'certificate.pem');
  }

  static async start(program: string, openssl: string): Promise<TestTlsRedis> {
    const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
    makeCertificate(openssl, folder);
    const [port = 0] = await freePorts(1);
    const server = await TestRedis.start(
      program,
      ...['--bind', '127.0.0.1', '--tls-port', `${port}`, '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', join(folder, 'certificate.pem'), '--tls-key-file', join(folder, 'key.pem')],
      ...['--tls-ca-cert-file', join(folder, 'certificate.pem')],
    );
    await server.client.call(
      'ACL',
      'SETUSER',
      'gateway',
      'on',
      '>p@ss',
      ...documentedRights({ inCluster: false }),
    );
    return new TestTlsRedis(server, port, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
