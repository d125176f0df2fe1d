import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { StoreBusy } from '#event-store/event-store.js';
import { StoreUnavailable } from '#event-store/handle-errors.js';
import { NotReached } from '#read-models/standings.js';
import { toldOf } from './problem-filter.js';

const request = { method: 'POST', routeOptions: { url: '/v1/donations' } } as unknown as FastifyRequest;
const refusedConnection = Object.assign(new Error('connect to "Lữ Thị Hiếm"'), { code: 'ECONNREFUSED' });

describe('an engine that is away', () => {
  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['the store', new StoreUnavailable('donation-1', refusedConnection), '5'],
    ['the store, which takes no more', new StoreBusy(1_200), '2'],
    ['a read model', Object.assign(new Error('query failed'), { driverError: refusedConnection }), '5'],
    ['a read model, which lags', new NotReached('donations at position 1.68: not within 2000 ms'), '5'],
    ['the vault', refusedConnection, '5'],
    ['a pool without a connection to spare', new Error('timeout exceeded when trying to connect'), '5'],
  ])('is told as busy and when to come again, and logged as no bug: %s', (_what, error, seconds) => {
    const told = toldOf(error, request, {});
    expect(told).toMatchObject({ code: 'http/busy', answer: { status: 503 } });
    expect(told.parts).toEqual({ headers: { 'Retry-After': seconds } });
    expect(Logger.prototype.error).not.toHaveBeenCalled();
    expect(JSON.stringify(jest.mocked(Logger.prototype.warn).mock.calls)).not.toContain('Hiếm');
  });

  it('is not what a bug is taken for', () => {
    expect(toldOf(new TypeError('no such connection of ideas'), request, {}).code).toBe('http/internal');
    expect(Logger.prototype.error).toHaveBeenCalledTimes(1);
  });
});
