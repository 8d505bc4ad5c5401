import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.js';
import type { Authentication } from './authentication.js';
import { callerLeft } from './caller-left.js';
import { Turns } from './turns.js';

export interface WaitForTurnOptions {
  readonly clock: Clock;
  /** Tells who sends a request. */
  readonly authentication: Authentication;
  /** Whether look-ups that fill a call wait for the rate. */
  isBacklogged(): boolean;
}

/**
 * The hook in which a request waits for its turn where too many come at once. Nothing was read of it but who sends it.
 * Whoever leaves meanwhile costs nothing more.
 */
export function waitForTurn({ clock, authentication, isBacklogged }: WaitForTurnOptions) {
  const turns = new Turns(clock, isBacklogged);
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    const turn = turns.take(authentication.senderOf(request).principal.name);
    if (turn) void turn.then(() => (request.raw.socket.destroyed ? done(callerLeft()) : done()));
    else done();
  };
}
