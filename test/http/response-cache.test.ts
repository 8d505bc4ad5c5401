import { ResponseCache } from '../../src/http/endpoint/response-cache.js';

const answer = (body: string, isFresh = () => true) => ({ headers: {}, body, lookups: 1, isFresh });

/** Answers a question as often as it takes for its answer to be kept. */
function keep(answers: ResponseCache, question: string, cached = answer(question)) {
  answers.note(question, () => cached);
  answers.note(question, () => cached);
}

test('an answer is given to the same question, and to no other', () => {
  const answers = new ResponseCache(100_000);
  keep(answers, 'one');
  expect(answers.get('one')?.body).toBe('one');
  expect(answers.get('other')).toBeUndefined();
});

test('an answer is kept when its question is asked again', () => {
  const answers = new ResponseCache(100_000);
  answers.note('one', () => {
    throw new Error('The first answer is not asked for');
  });
  expect(answers.get('one')).toBeUndefined();
  answers.note('one', () => answer('1'));
  expect(answers.get('one')?.body).toBe('1');
});

test('an answer that may not be given again is not kept, however often it is asked for', () => {
  const answers = new ResponseCache(100_000);
  for (let turn = 0; turn < 3; turn += 1) answers.note('one', () => undefined);
  expect(answers.get('one')).toBeUndefined();
});

test('an answer that does not hold any more is forgotten, and the next one kept', () => {
  const answers = new ResponseCache(100_000);
  let isFresh = true;
  keep(
    answers,
    'one',
    answer('1'.repeat(10_000), () => isFresh),
  );
  isFresh = false;
  expect(answers.get('one')).toBeUndefined();
  expect(answers.bytes).toBeLessThan(10_000);
  answers.note('one', () => answer('2'));
  expect(answers.get('one')?.body).toBe('2');
});

test('what was used longest ago makes room', () => {
  const answers = new ResponseCache(100_000);
  for (let each = 0; each < 1000; each += 1) {
    keep(answers, `question ${each}`);
    answers.get('question 0');
  }
  expect(answers.bytes).toBeLessThanOrEqual(100_000);
  expect(answers.get('question 0')).toBeDefined();
  expect(answers.get('question 1')).toBeUndefined();
  expect(answers.get('question 999')).toBeDefined();
});

test.each([0, 4000])('an answer that does not fit into %d bytes is not kept', (maxBytes) => {
  const answers = new ResponseCache(maxBytes);
  keep(answers, 'one');
  expect(answers.get('one')).toBeUndefined();
});
