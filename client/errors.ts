import { isGrpcDeadlineError, isGrpcServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { RefusalCode } from '../domain/refusal';
import { REFUSAL_CODES } from '../domain/refusal';

/** What can go wrong besides a refusal. Part of the public interface: never renamed. */
export const CLIENT_CODES = [
  'NOT_FOUND',
  'ALREADY_RUNNING',
  /** The worker's configuration does not allow what a check of the plan would reach. */
  'CHECKS_REFUSED',
  /** Temporal does not answer. */
  'UNREACHABLE',
  /** Temporal answers, and no worker does. */
  'NO_WORKER',
  /** A worker has accepted it and has not finished it in time: it goes on there. */
  'UNFINISHED',
  'SEARCH_ATTRIBUTES_MISSING',
  /** A worker answered with an error that is not a refusal. */
  'FAILED',
  /** Of a gateway: nobody is known by this token. */
  'UNAUTHENTICATED',
  /** Of a gateway: this token is not for acting as them. */
  'ACT_AS_REFUSED',
  /** Of a gateway: this token is not the operator's. */
  'OPERATOR_ONLY',
  /** Of a gateway, which has read the document. */
  'INVALID_PLAN',
  'TOO_MANY_REQUESTS',
  'TOO_LARGE',
  /** Of a gateway: it cannot find out who asks. */
  'DATABASE_UNREACHABLE',
  'DATABASE_NOT_READY',
] as const;
export type ClientCode = (typeof CLIENT_CODES)[number];
export type LaunchErrorCode = RefusalCode | ClientCode;

export function isLaunchErrorCode(code: string): code is LaunchErrorCode {
  return (CLIENT_CODES as readonly string[]).includes(code) || isRefusalCode(code);
}

/** The one error of client/: `code` is stable, the message says what to do. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';

  constructor(
    readonly code: LaunchErrorCode,
    message: string,
    readonly details?: { [key: string]: unknown }
  ) {
    super(message);
  }
}

function isRefusalCode(code: string | null | undefined): code is RefusalCode {
  return (REFUSAL_CODES as readonly (string | null | undefined)[]).includes(code);
}

/** The refusal behind a failed update; a failure that is none becomes FAILED. Undefined for every other error. */
export function refusalIn(error: unknown): LaunchError | undefined {
  if (!(error instanceof WorkflowUpdateFailedError)) return undefined;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && isRefusalCode(cause.type)) {
    const [details] = cause.details ?? [];
    return new LaunchError(cause.type, cause.message, isRecord(details) ? details : undefined);
  }
  return new LaunchError('FAILED', `the worker could not carry this out: ${cause?.message ?? error.message}`);
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** gRPC's UNAVAILABLE, part of the wire format. */
const UNAVAILABLE = 14;
/** gRPC's FAILED_PRECONDITION: nobody polls the task queue, or the worker has failed at the workflow's last task. */
const FAILED_PRECONDITION = 9;
const NOT_FOUND = 5;
/** gRPC's CANCELLED: we never cancel a call, so the server's own wait for the same instant has ended before ours. */
const CANCELLED = 1;
/** What Go says of a wait that has ended, under whichever code. */
const WAIT_ENDED = /\bcontext (deadline exceeded|canceled)\b/;

function grpcError(error: unknown) {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause : undefined;
}

function grpcCode(error: unknown): number | undefined {
  return grpcError(error)?.code;
}

function hasWaitEnded(error: unknown): boolean {
  const found = grpcError(error);
  return found !== undefined && (found.code === CANCELLED || WAIT_ENDED.test(found.details));
}

export function isUnavailable(error: unknown): boolean {
  return grpcCode(error) === UNAVAILABLE;
}

export function isNobodyPolling(error: unknown): boolean {
  return grpcCode(error) === FAILED_PRECONDITION;
}

/** Of what is no workflow; of those see `isNotFound`. */
export function isNotThere(error: unknown): boolean {
  return grpcCode(error) === NOT_FOUND;
}

/** Whether the call's own deadline has passed; the work itself may go on. */
export function isLate(error: unknown): boolean {
  return (
    isGrpcDeadlineError(error) ||
    hasWaitEnded(error) ||
    (error instanceof Error && error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError') ||
    (error instanceof Error && isGrpcDeadlineError(error.cause))
  );
}

export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError;
}

/** In one line, whatever was thrown: with what gRPC said, where it was gRPC. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const shown = isGrpcServiceError(cause) ? cause.details || cause.message : undefined;
  const text = shown ?? (error instanceof Error ? error.message : String(error));
  return text.split('\n', 1)[0] ?? text;
}
