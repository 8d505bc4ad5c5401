import { ConcealedSecrets } from '../../src/bootstrap/reloadable-security.js';
import { createLogger } from '../../src/logger.js';
import { ManualClock } from '../support/manual-clock.js';

test('a replaced secret is concealed for as long as calls with it can run, through several reloads', async () => {
  const clock = new ManualClock();
  const secrets = new ConcealedSecrets(['the first one'], clock, 45_000);
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'info', secrets: () => secrets.all, destination });
  const written = () => {
    lines.length = 0;
    logger.info('the first one, the second one, the third one');
    return lines.join();
  };

  secrets.replace(['the second one']);
  await clock.advance(30_000);
  secrets.replace(['the third one']);
  expect(written()).toContain('[concealed], [concealed], [concealed]');
  await clock.advance(15_000);
  expect(written()).toContain('the first one, [concealed], [concealed]');
  await clock.advance(30_000);
  expect(written()).toContain('the first one, the second one, [concealed]');
  expect(secrets.all).toEqual(['the third one']);
});
