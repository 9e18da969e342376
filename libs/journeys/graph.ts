/**
 * A journey as the engine runs it: steps by id, each with the ways that lead out of it. Compiled once from a definition
 * and stored with its version; plain data throughout.
 */
export interface JourneyGraph {
  readonly first: string;
  readonly steps: Readonly<Record<string, GraphStep>>;
}

export interface GraphStep<Spec = unknown> {
  readonly id: string;
  /** One of the step kinds in libs/journeys/steps. */
  readonly kind: string;
  /** What the kind's own schema accepted. */
  readonly spec: Spec;
  /** Where each way out leads: the label (`next`, `accepted`, `silence`, ...) to a step id. */
  readonly ways: Readonly<Record<string, string>>;
}
