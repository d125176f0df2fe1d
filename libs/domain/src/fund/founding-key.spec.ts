import { describe, it } from '@jest/globals';
import { fundId } from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import { foundingKey } from './founding-key.decide.js';

describe('the key under which a fund is opened', () => {
  const asked = { type: 'FoundingAsked', data: { fundId } } as const;

  it('is taken up once', () => {
    given(foundingKey).when({ type: 'AskFounding', fundId }).then(asked);
    given(foundingKey, [asked]).when({ type: 'AskFounding', fundId }).nothing();
  });
});
