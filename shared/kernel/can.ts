/** One action of a state machine: from which states it may be taken, and where it leads. */
export type Step<S extends string> = { readonly states: readonly S[]; readonly to: S }

export function canFrom<S extends string>(step: Step<S>, state: S): boolean {
  return step.states.includes(state)
}
