import {
  Connection,
  isGrpcServiceError,
  WorkflowClient,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Settings } from '../../../../config/settings.js';
import { conflict, Problem } from '../../../../libs/platform/problem.js';
import { temporalAnswers } from '../../../hosting/health.js';

/** Real milliseconds. A command may reach thousands of journeys; the API does not wait for all of them. */
const timeouts = { connect: 3_000, call: 10_000 };

/** Calls Temporal. The connection is made when it is first needed, and again after a failure, so that the api works while Temporal is down. */
export class TemporalCalls {
  private connecting: Promise<Connection> | undefined;

  /** @param whenDown what cannot be done then, for the caller */
  constructor(
    private readonly settings: Settings['temporal'],
    private readonly whenDown: string,
  ) {}

  /** @throws Problem with the cause of the failure */
  async call<Result>(work: (client: WorkflowClient) => Promise<Result>): Promise<Result> {
    const connection = await this.connection();
    const client = new WorkflowClient({ connection, namespace: this.settings.namespace });
    try {
      return await connection.withDeadline(Date.now() + timeouts.call, () => work(client));
    } catch (error) {
      throw explain(error);
    }
  }

  /** @throws Problem unavailable */
  async connection(): Promise<Connection> {
    this.connecting ??= Connection.connect({ address: this.settings.address, connectTimeout: timeouts.connect });
    try {
      return await this.connecting;
    } catch {
      this.connecting = undefined;
      throw unavailable(this.whenDown);
    }
  }

  async ready(): Promise<boolean> {
    try {
      return await temporalAnswers(await this.connection());
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    const connection = await this.connecting?.catch(() => undefined);
    await connection?.close();
  }
}

/** Turns a failure of Temporal's client into a Problem with its cause; other errors do not change. */
export function explain(error: unknown): unknown {
  if (error instanceof WorkflowUpdateFailedError)
    return conflict(deepest(error)?.message ?? 'The campaign refused the command', 'Check its state and try again.');
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return unavailable('No worker answered in time; the command may still take effect');
  if (isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause)))
    return unavailable('Temporal does not answer');
  return error;
}

/** The cause of the refusal: the workflow itself, or one of its activities, whose failure is wrapped again. */
function deepest({ cause }: Error): Error | undefined {
  return cause instanceof Error ? (deepest(cause) ?? cause) : undefined;
}

const unavailable = (title: string): Problem =>
  new Problem('unavailable', title, [], 'Try again in a moment; GET /health/ready shows what is down.');
